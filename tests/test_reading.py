"""What a file holds that came in as a notebook: its cells, or one sentence on what it is."""
import gzip
import io
import json
import zipfile

import attacks
import pytest

from cs231n_lite.exercises.cells import bound_in_text, merge_in, other_answer
from cs231n_lite.exercises.reading import Notebook, notebook_at, notebook_of

CELL = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None,
        "source": "def predict(W, X):\n    return 1"}
PROSE = {"cell_type": "markdown", "metadata": {}, "source": ["# Prose\n", "and more"]}
METADATA = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}


def book(*cells: dict, **parts: object) -> bytes:
    """The bytes of a notebook of these cells."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": METADATA,
                       "cells": list(cells), **parts}, indent=1).encode()


def zipped(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "text")
    return file.getvalue()


GOOD = book(PROSE, CELL)
SHEETS = {"nbformat": 3, "metadata": {"name": "svm"}, "worksheets": [
    {"cells": [{"cell_type": "code", "language": "python", "input": [part]}]}
    for part in CELL["source"].splitlines(keepends=True)]}
READ = {
    "as Jupyter saves it": GOOD,
    "with a byte-order mark": b"\xef\xbb\xbf" + GOOD,
    "with Windows' line ends in the file": GOOD.replace(b"\n", b"\r\n"),
    "with Windows' line ends in its source":
        book({**CELL, "source": CELL["source"].replace("\n", "\r\n")}),
    "with the source as a list": book({**CELL, "source": CELL["source"].splitlines(True)}),
    "of a future format": book(CELL, nbformat=5, nbformat_minor=99, more={"new": [1]}),
    "with NaN in it": book({**CELL, "outputs": [{"data": {"application/json": float("nan")}}]}),
    "of Colab's": book({**CELL, "metadata": {"id": "x", "colab": {}, "outputId": "y"}},
                       metadata={"colab": {"provenance": []}, "accelerator": "GPU",
                                 "kernelspec": {"name": "python3", "display_name": "Python 3"}}),
    "of Kaggle's": book(CELL, metadata={**METADATA, "kaggle": {"dataSources": []},
                                        "papermill": {"default_parameters": {}}}),
    "of VS Code's": book({**CELL, "metadata": {"vscode": {"languageId": "python"}}}),
    "with a kernel that is not here":
        book(CELL, metadata={"kernelspec": {"name": "tf2", "language": "python"}}),
    "that names another language by mistake":
        book(CELL, metadata={"kernelspec": {"name": "ir", "language": "R"}}),
    "without metadata": json.dumps({"cells": [CELL]}).encode(),
    "with odd metadata": book(CELL, metadata=[3]),
    "with odd cells beside": book(CELL, None, 3, {"cell_type": 7}, {"cell_type": "raw"}),
    "with a byte that is no UTF-8 in its prose": GOOD.replace(b"more", b"m\xf6re"),
}


@pytest.mark.parametrize("name", READ)
def test_a_notebook_is_read_whoever_saved_it(name):
    found = notebook_of("svm.ipynb", READ[name])
    assert (found.fault, found.cells) == ("", [CELL["source"]])


def test_an_old_notebook_has_the_cells_of_all_its_sheets():
    found = notebook_of("svm.ipynb", json.dumps(SHEETS).encode())
    assert "".join(found.cells) == CELL["source"] and not found.fault


def test_a_source_that_is_no_text_is_empty_beside_others_that_are():
    found = notebook_of("x", book(CELL, {"cell_type": "code", "source": None},
                                  {"cell_type": "code", "source": [3, "a = 1"]}))
    assert found.cells == [CELL["source"], "", "a = 1"]


INSTEAD = {
    "is empty": [b"", b" \r\n", b"\xef\xbb\xbf"],
    "is a web page": [b"<!DOCTYPE html><html>Log in</html>", b"\n <html>404", b"<?xml <html>"],
    "is an export of the notebook to HTML":
        [b'<!DOCTYPE html>\n<html><head><meta charset="utf-8"/>\n<script src="require-jupyter">'],
    "is a text in UTF-16": [GOOD.decode().encode(kind)
                            for kind in ("utf-16", "utf-16-le", "utf-16-be")],
    "is a Python script": [b"import numpy as np\n\ndef f(x):\n    return x\n",
                           b'"""Mine."""\nfrom x.y import z\n'],
    "is a script, as jupytext or an export makes it":
        [b"# ---\n# jupyter:\n#   jupytext:\n#     x: y\n# ---\n\n# %%\nimport numpy\n",
         b"#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\n\nimport numpy\n"],
    "is a Markdown text, as jupytext makes it":
        [b"---\njupyter:\n  jupytext:\n    x: y\n---\n\n# SVM\n"],
    "is a plain text": [b"Here is my homework.", b"f <- function(x) x"],
    "is a link, not the file": [b"https://colab.research.google.com/drive/1\n",
                                b"[InternetShortcut]\r\nURL=https://example.org"],
    "is a pointer of Git LFS": [b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n"],
    "is a zip archive": [zipped("svm.ipynb")],
    "is a Word file": [zipped("word/document.xml")],
    "is packed by gzip": [gzip.compress(GOOD)],
    "is a PDF": [b"%PDF-1.7\n%\xe2"],
    "is a picture, such as a screenshot": [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a"],
    "is no text": [bytes(range(1, 256))],
    "is a notebook in R": [book({**CELL, "source": "f <- function(x) x"},
                                metadata={"kernelspec": {"name": "ir", "language": "R"}})],
    "is a notebook in julia": [book({**CELL, "source": "f(x) = x"},
                                    metadata={"language_info": {"name": "julia"}})],
    "is a notebook in which Git has left a merge unfinished, at line 3":
        [b'{\n "cells": [\n<<<<<<< HEAD\n  {},\n=======\n  {}\n>>>>>>> theirs\n ]\n}'],
    "is JSON that breaks off in line": [GOOD[:size] for size in (1, 60, 200, len(GOOD) - 3)],
    "is no valid JSON, from line 2, column": [b'{"cells": [\n1 2],\n "metadata": {"a": [1, 2]}}'],
    "is no valid JSON": [attacks.NO_NOTEBOOKS["nested"], b'{"a": ' + b"9" * 5000 + b"}"],
    "is JSON, but no notebook": [b"{}", b"[]", b"3", b"null", b'{"cells": 3}',
                                 b'{"cells": [null]}', b'{"worksheets": [3]}',
                                 b'{"type": "FeatureCollection", "features": [{"a": [1]}]}'],
}


@pytest.mark.parametrize("what", INSTEAD)
def test_what_is_no_notebook_is_told_in_one_sentence_with_what_is_needed(what):
    for data in INSTEAD[what]:
        found = notebook_of("svm.ipynb", data)
        assert found.fault.startswith(f"svm.ipynb {what}"), found.fault
        assert "; to be handed in is the " in found.fault and found.fault.endswith(".")
        assert found.cells == found.saved == [] and found.fault.count("\n") == 0


def test_a_script_is_told_by_its_name_too():
    assert "is a Python script" in notebook_of("svm.py", b"x = 3").fault


def test_a_file_that_cannot_be_had_is_told_in_a_sentence(tmp_path):
    (tmp_path / "svm.ipynb").mkdir()
    for name in ("svm.ipynb", "softmax.ipynb"):
        assert notebook_at(tmp_path / name).fault.startswith(f"{name} cannot be read: ")
    assert notebook_of("x", "x is a link.") == Notebook([], [], "x is a link.")


def test_long_texts_that_are_nothing_are_told_in_one_pass():
    for part in (b"<<<<<<< ", b"def ", b"import ", b"\n<<<<<<<", b"https://", b"# %", b"\xff"):
        assert notebook_of("x", 10**5 * part).fault  # this would take hours


# --------------------------------------------------------------- the text of a cell


def test_what_a_cell_binds_is_seen_in_its_text_though_it_cannot_be_read():
    assert bound_in_text("def f(:\n  g = 3\nh == 3\nx.y = 4") == {"f", "g"}


@pytest.mark.parametrize("text, line", [
    ("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> theirs\n", 2), ("<<<<<<<\n>>>>>>>", 1),
    ("x <<<<<<< y\n>>>>>>> z", 0), ("<<<<<<< HEAD", 0), ("=======\n>>>>>>>>", 0)])
def test_an_unfinished_merge_is_both_marks_at_the_starts_of_lines(text, line):
    assert merge_in(text) == line


SOLVED, UNTOUCHED = "def f():\n    return 3", "def f():\n    raise NotImplementedError"


@pytest.mark.parametrize("cells, words", [
    ([SOLVED, "x = 1", UNTOUCHED], "Code cell 1 answers it, but code cell 3 below"),
    ([f"{SOLVED}\n\n{UNTOUCHED}"], "Code cell 1 defines it more than once"),
    (["f = 3", "f = ..."], "Code cell 1 answers it, but code cell 2 below"),
    ([UNTOUCHED, SOLVED], ""), ([UNTOUCHED, UNTOUCHED], ""), ([SOLVED], ""), ([], "")])
def test_an_answer_above_a_stub_is_found_and_nothing_where_there_is_none(cells, words):
    assert other_answer("f", cells, ()).startswith(words) and bool(words) == bool(
        other_answer("f", cells, ()))


def test_an_answer_in_a_cell_that_is_no_code_is_found():
    aside = [("markdown", "# Prose"), ("raw", SOLVED)]
    for cells in ([], [UNTOUCHED], ["x = 1"]):
        assert other_answer("f", cells, aside).startswith("A raw cell defines it")
