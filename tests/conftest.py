"""What tests get: an environment in which the caller has set nothing, and real images where there are any."""
import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep progress in a temporary folder, and forget the dataset and the strictness that the caller has set."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("CS231N_LITE_DATA", raising=False)
        environment.delenv("CS231N_LITE_STRICT", raising=False)
        environment.setenv("CS231N_LITE_PROGRESS", str(tmp_path_factory.mktemp("progress") / "progress.json"))
        yield


@pytest.fixture(scope="session")
def cifar10() -> Path:
    """The folder cifar-10-batches-py of real images that $CS231N_LITE_TEST_CIFAR10 holds; skips without it."""
    holder = os.environ.get("CS231N_LITE_TEST_CIFAR10")
    if not holder:
        pytest.skip("needs real CIFAR-10: set CS231N_LITE_TEST_CIFAR10 to a folder that holds cifar-10-batches-py")
    return Path(holder) / "cifar-10-batches-py"
