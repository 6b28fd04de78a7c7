"""Results that are right but for the decimals that were rounded away, or cut off."""
from collections.abc import Sequence
from typing import Any

import numpy as np

MOST = 5  # decimals; what is rounded further on is close enough


def rounded(pairs: Sequence[tuple[Any, Any]]) -> str:
    """'2 decimals', to which all of (got, want) were rounded or cut off; '' if they were not."""
    fewest = 0 if all(np.ndim(want) == 0 for _, want in pairs) else 1
    for decimals in range(fewest, MOST + 1):
        if (all(is_rounded(got, want, decimals) for got, want in pairs)
                and any(np.any(got) for got, _ in pairs)):
            return f"{decimals} decimal{'s' * (decimals > 1)}" if decimals else "whole numbers"
    return ""


def is_rounded(got: Any, want: Any, decimals: int) -> bool:
    """True when `got` is `want`, rounded or cut off."""
    if got is None or not np.all(np.isfinite(got)):
        return False
    seen, meant = np.asarray(got) * 10.0**decimals, np.asarray(want) * 10.0**decimals
    whole = np.all(np.abs(seen - np.rint(seen)) < 1e-6)
    return bool(whole and (np.all(np.abs(seen - meant) <= 0.5 + 1e-6)
                           or np.array_equal(np.rint(seen), np.trunc(meant))))
