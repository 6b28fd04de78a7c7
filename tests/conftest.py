"""What tests get: an environment of their own, real images and a browser where there are any."""
import os
from collections.abc import Iterator
from pathlib import Path

import matplotlib.font_manager  # noqa: F401  makes its cache now, once, and no test is the one to say so
import pytest
from browser import find_chromium, started
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

LONGEST = ["test_notebooks.py", "test_solved.py", "test_environments.py", "test_grading_attacks.py",
           "test_guard.py", "test_grade.py", "test_grading.py", "test_benchmarks.py",
           "test_handout.py", "test_grading_banks.py", "test_download.py"]
ONE_BY_ONE = ("tests/test_notebooks.py", "tests/test_solved.py", "tests/test_environments.py")

# The same examples at every run, however long a busy machine takes for them.
settings.register_profile("tests", derandomize=True, database=None, deadline=None,
                          suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")


class NotebookByNotebook(LoadFileScheduling):
    """A file is one worker's, but for those whose tests run a notebook each and share nothing."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith(ONE_BY_ONE) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """Let both workers begin with a notebook, where --dist loadfile is asked for."""
    return NotebookByNotebook(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: whoever takes one last keeps the other worker waiting.

    What takes longer than CI has is slow, too.
    """
    items.sort(key=lambda item: [*LONGEST, item.path.name].index(item.path.name))
    for item in items:
        if item.get_closest_marker("everything"):
            item.add_marker("slow")


@pytest.fixture(scope="session", autouse=True)
def own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep progress in a temporary folder, and forget the dataset and strictness the caller set."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("CS231N_LITE_DATA", raising=False)
        environment.delenv("CS231N_LITE_STRICT", raising=False)
        environment.setenv("CS231N_LITE_PROGRESS",
                           str(tmp_path_factory.mktemp("progress") / "progress.json"))
        yield


@pytest.fixture(scope="session")
def cifar10() -> Path:
    """The folder cifar-10-batches-py that $CS231N_LITE_TEST_CIFAR10 holds; skips without it."""
    holder = os.environ.get("CS231N_LITE_TEST_CIFAR10")
    if not holder:
        pytest.skip("needs real CIFAR-10: set CS231N_LITE_TEST_CIFAR10 to a folder that holds "
                    "cifar-10-batches-py")
    return Path(holder) / "cifar-10-batches-py"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless Chromium for the tests of a module; without one it skips, but fails in CI."""
    executable = find_chromium()
    if executable is None:
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say("needs Chromium or Chrome, and found none under its usual names: "
            "install one, or set CHROMIUM to its path")
    with started(executable) as browser:
        yield browser


COUNTED = {
    "right answers called correct":
        lambda report: "test_diagnosis.py::test_a_right_answer" in report.nodeid,
    "wrong answers caught and diagnosed":
        lambda report: "test_diagnosis.py::test_a_wrong_answer" in report.nodeid,
    "tests passed for which CI has no time": lambda report: "everything" in report.keywords,
}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Close with how many of what is counted came out right, and with each recorded `ratio`."""
    reports = {outcome: [report for report in terminalreporter.getreports(outcome)
                         if report.when == "call"]
               for outcome in ("passed", "failed")}
    for title, counts in COUNTED.items():
        good, bad = (sum(map(counts, reports[outcome])) for outcome in ("passed", "failed"))
        if good + bad:
            terminalreporter.write_line(f"{title}: {good} of {good + bad}")
    for report in reports["passed"] + reports["failed"]:
        for name, text in report.user_properties:
            if name == "ratio":
                terminalreporter.write_line(text)
