"""The package as pip installs it: with `-e` from a clone of any name, and without, from a wheel."""
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from notebook_runs import ROOT, clean_environment

pytestmark = pytest.mark.slow
FIRST_STEPS = """
import os
from cs231n_lite import data, places
from cs231n_lite.exercises import check, logbook
from cs231n_lite.losses import softmax

check(softmax)
data.load()
data.load()
print(data.DATASETS, data.FETCH, logbook.path(), sep="|")
print(sorted(os.listdir(places.HOME)))
"""


def installed(source: Path, site: Path, *how: str) -> Path:
    """Where pip puts the package, without a network: what builds it is among the tests' needs."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index",
               "--ignore-installed", "--no-build-isolation", "--disable-pip-version-check",
               "--prefix", site, *how, source]
    subprocess.run(command, check=True)
    return next(site.glob("lib*/**/site-packages"), site / "Lib" / "site-packages")


@pytest.fixture
def clone(tmp_path):
    """A clone that is called as the package is, as `git clone` calls it."""
    folder = tmp_path / "work" / "cs231n_lite"
    shutil.copytree(ROOT / "cs231n_lite", folder / "cs231n_lite",
                    ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    for name in ("datasets", "notebooks"):
        (folder / name).mkdir()
    return folder


def said(site: Path, start: Path, home: Path) -> list[str]:
    """What the first steps print in a kernel that starts in a folder; here `site` comes last."""
    code = f"""
import site, sys
sys.path[:] = [place for place in sys.path if place != {str(ROOT)!r}]
site.addsitedir(sys.argv[1])
"""
    environment = clean_environment(home, HOME=str(home), USERPROFILE=str(home))
    environment.pop("CS231N_LITE_PROGRESS")
    run = subprocess.run([sys.executable, "-c", code + FIRST_STEPS, site], cwd=start,
                         env=environment, check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


@pytest.mark.parametrize("start", ["..", "../elsewhere"])
def test_with_e_the_clone_is_found_and_used_whatever_it_is_called_and_wherever_a_kernel_starts(
        clone, tmp_path, start):
    (clone / start).mkdir(exist_ok=True)
    lines = said(installed(clone, tmp_path / "site", "-e"), clone / start, tmp_path)
    assert not [line for line in lines if "without -e" in line]
    fetch = "python -m cs231n_lite.download"  # this clone holds no get_datasets.sh
    assert lines[-2] == f"{clone / 'datasets'}|{fetch}|{clone / 'notebooks' / '.progress.json'}"


def test_without_e_datasets_and_progress_go_to_a_folder_of_the_users_which_is_said_once(
        clone, tmp_path):
    site = installed(clone, tmp_path / "site")
    shutil.rmtree(clone.parent)
    (tmp_path / "home").mkdir()
    lines, own = said(site, tmp_path, tmp_path / "home"), tmp_path / "home" / ".cs231n_lite"
    line = f"cs231n_lite was installed without -e: datasets and progress go to {own}"
    assert lines.count(line) == 1 and [line for line in lines if "without -e" in line] == [line]
    assert lines[-2:] == [
        f"{own / 'datasets'}|python -m cs231n_lite.download|{own / '.progress.json'}",
        "['.progress.json', 'datasets']"]
    assert not (site / "datasets").exists() and not (site / "notebooks").exists()
