"""What Binder and codespaces read is as their documentation wants it, and fits this project."""
import json
import re
import tomllib
from pathlib import Path

from notebook_runs import ROOT
from packaging.specifiers import SpecifierSet

REQUIRED = SpecifierSet(tomllib.loads((ROOT / "pyproject.toml").read_text())
                        ["project"]["requires-python"])


def requirements(path: str | Path) -> set[str]:
    """The lines of a file of requirements, and of those that it names."""
    lines = (ROOT / path).read_text().split("\n")
    named = [line.removeprefix("-r ") for line in lines if line.startswith("-r ")]
    folder = (ROOT / path).parent
    return {line for line in lines if line and not line.startswith("-r ")}.union(
        *(requirements((folder / name).resolve().relative_to(ROOT.resolve())) for name in named))


def test_binder_installs_what_the_notebooks_need_on_a_python_that_will_do():
    # repo2docker reads one folder alone, .binder or binder; runtime.txt says "python-x.y".
    assert not (ROOT / "binder").exists()
    assert requirements(".binder/requirements.txt") == requirements("requirements.txt")
    runtime = (ROOT / ".binder/runtime.txt").read_text()
    assert re.fullmatch(r"python-3\.\d+\n", runtime)
    assert runtime.strip().removeprefix("python-") in REQUIRED


def test_a_codespace_does_the_same():
    # The specification at containers.dev: one of image, build and dockerComposeFile; a command is a
    # string, a list or an object; what an editor alone knows is under customizations.
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    assert container.keys() == {"name", "image", "postCreateCommand", "customizations"}
    image, python = container["image"].rsplit(":", 1)
    assert image == "mcr.microsoft.com/devcontainers/python" and python in REQUIRED
    command, option, file = container["postCreateCommand"].rsplit(" ", 2)
    assert (command, option) == ("pip install", "--requirement") and (ROOT / file).is_file()
    (editor, settings), = container["customizations"].items()
    assert editor == "vscode" and settings.keys() == {"extensions"}
    assert all(re.fullmatch(r"[\w-]+\.[\w-]+", name) for name in settings["extensions"])
