"""`make html`: a page for each notebook."""
from cs231n_lite.exercises import webpages
from cs231n_lite.exercises.registry import ASKING


def test_each_notebook_becomes_a_page_in_the_folder_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(webpages, "page_of", lambda notebook: f"page of {notebook.name}")
    assert webpages.main([str(tmp_path / "new" / "pages")]) == 0
    pages = {path.name: path.read_text() for path in (tmp_path / "new" / "pages").iterdir()}
    assert pages == {f"{name}.html": f"page of {name}.ipynb" for name in ASKING}
    assert capsys.readouterr().out.count(".html") == 3
