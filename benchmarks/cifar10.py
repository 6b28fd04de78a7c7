"""Where the real CIFAR-10 is, for the figures that need it."""
import os
from pathlib import Path

from cs231n_lite.download import DATASETS, FOLDER

MISSING = "needs CIFAR-10, which ./get_datasets.sh fetches"


def folder() -> Path | None:
    """The CIFAR-10 that CS231N_LITE_DATA names, or what was fetched; None without either."""
    named = Path(os.environ.get("CS231N_LITE_DATA") or DATASETS)
    return next((place for place in (named / FOLDER, named)
                 if (place / "data_batch_1").is_file()), None)
