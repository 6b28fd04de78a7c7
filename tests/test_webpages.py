"""`make html`: a page for each notebook; and how the commands refuse what they cannot do."""
import re
from importlib.util import find_spec
from runpy import run_module

import pytest

from cs231n_lite.exercises import grade, portable, webpages
from cs231n_lite.exercises.registry import ASKING


def test_each_notebook_becomes_a_page_in_the_folder_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(webpages, "page_of", lambda notebook: f"page of {notebook.name}")
    assert webpages.main([str(tmp_path / "new" / "pages")]) == 0
    pages = {path.name: path.read_text() for path in (tmp_path / "new" / "pages").iterdir()}
    assert pages == {f"{name}.html": f"page of {name}.ipynb" for name in ASKING}
    assert capsys.readouterr().out.count(".html") == 3


def test_a_folder_that_cannot_be_written_is_refused_in_a_sentence(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert webpages.main([str(tmp_path / "file")]) == 2
    assert "file cannot be written or read (File exists); name another" in capsys.readouterr().err


def test_a_notebook_that_is_none_is_refused_by_name(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(webpages, "PACKAGE", tmp_path / "package")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/linear_classification.ipynb").write_text("a text")
    assert webpages.main([str(tmp_path / "pages")]) == 2
    assert capsys.readouterr().err.startswith("linear_classification.ipynb is a plain text; ")


@pytest.mark.parametrize("given, words", [
    (["nowhere"], "nowhere is no folder in "),
    (["svm.ipynb"], "svm.ipynb is a file; name the folder that holds your notebooks"),
    ([".", "nowhere.csv"], "nowhere.csv cannot be read (No such file or directory); name a table"),
])
def test_what_cannot_be_graded_is_refused_in_a_sentence(tmp_path, monkeypatch, capsys, given,
                                                        words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "svm.ipynb").touch()
    assert grade.main(given) == 2
    said = capsys.readouterr()
    assert said.err.startswith(words) and said.err.count("\n") == 1 and not said.out


def test_the_package_started_as_a_command_lists_those_that_there_are(capsys):
    with pytest.raises(SystemExit, match="make lab"):
        run_module("cs231n_lite", run_name="__main__")
    named = re.findall(r"^python -m (\S+) +\w", capsys.readouterr().out, re.MULTILINE)
    assert len(named) == 5 and all(map(find_spec, named))


@pytest.mark.parametrize("command", [webpages, portable, grade])
def test_help_is_given_and_no_folder_of_that_name_made(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="^0$"):
        command.main(["--help"])
    assert "usage: python -m cs231n_lite.exercises." in capsys.readouterr().out
    assert not list(tmp_path.iterdir())
