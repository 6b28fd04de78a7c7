"""The pages, as GitHub renders them: no raw Markdown, no dead link."""
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from cs231n_lite.grading.handout.folder import hand_out

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [path for pattern in ("*.md", "benchmarks/*.md", "datasets/README.md", "cs231n_lite/*/*.md")
         for path in ROOT.glob(pattern)]
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
RAW = re.compile(r"[`*|]|~~|\]\(|^#|^[-+] |^\d+\. |(?<!\w)_\w|<!--|-->", re.MULTILINE)


class Rendered(HTMLParser):
    """What a page shows: its prose, which is all text but code, and where its links lead."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.prose, self.links, self.code = "", [], 0
        self.feed(MARKDOWN.render(markdown))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.code += tag == "code"
        self.links += [target for name, target in attributes if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag == "code"

    def handle_data(self, data: str) -> None:
        self.prose += "" if self.code else data


def flaws(markdown: str) -> list[str]:
    """What shows as it was typed: Markdown in the prose, and HTML that is more than comments."""
    blocks = MARKDOWN.parse(markdown)
    tokens = [*blocks, *(part for block in blocks for part in block.children or ())]
    html = [token.content for token in tokens if token.type in ("html_block", "html_inline")]
    raw = [line for line in Rendered(markdown).prose.splitlines() if RAW.search(line)]
    return raw + [text for text in html if COMMENT.sub("", text).strip()]


def dead_links(page: Path) -> list[str]:
    """The relative links of a page that lead nowhere."""
    links = Rendered(page.read_text(encoding="utf-8")).links
    return [link for link in links if "://" not in link and not (page.parent / link).exists()]


@pytest.fixture(scope="module")
def handout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handout") / "for students"
    hand_out(folder)
    return folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_shows_no_raw_markdown_and_links_to_what_is_there(page):
    assert flaws(page.read_text(encoding="utf-8")) == []
    assert dead_links(page) == []


def test_so_do_the_pages_of_the_handout(handout):
    pages = list(handout.rglob("*.md"))
    assert handout / "README.md" in pages
    for page in pages:
        assert flaws(page.read_text(encoding="utf-8")) == []
        assert dead_links(page) == []


@pytest.mark.parametrize("markdown", [
    "<!-- teacher -->The tests without `make`: install `requirements-test.txt`.\n"
    "<!-- /teacher -->\n",
    "a list:\n<!-- a mark --> and **more** of it\n",
    "<div>\nsee [this](that)\n</div>\n",
    "<details>plain</details>\n",
    "| a | b |\n| --- |\n| one | two |\n",
    "an open `tick\n",
    "**bold **and more\n",
    "[a link] (there)[too](here\n",
    "#no heading\n",
])
def test_what_would_show_as_it_was_typed_is_found(markdown):
    assert flaws(markdown) != []


@pytest.mark.parametrize("markdown", [
    "<!-- teacher -->\nThe tests without `make`: **install** [this](that).\n<!-- /teacher -->\n",
    "a `tick | and * star` with <!-- teacher -->words for *some*<!-- /teacher --> in it\n",
    "| a | b |\n| --- | --- |\n| `one` | cs231n_lite |\n",
    "```sh\n# `no` prose | at ** all\n```\n",
])
def test_what_renders_well_is_no_flaw(markdown):
    assert flaws(markdown) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("[here](page.md) [there](gone.md) ![picture](gone.png) "
                    "[web](https://a.example)")
    assert dead_links(page) == ["gone.md", "gone.png"]


def test_the_readme_is_short_and_says_how_notebooks_are_tested_and_what_was_never_run():
    assert len(README.splitlines()) <= 120
    assert "pytest --nbval notebooks" in README
    assert re.search(r"never run on Windows, on macOS, or on Colab", README)


def test_the_ten_files_that_a_reader_needs_are_there():
    names = re.findall(r"^(\w+\.py) ", README, re.MULTILINE)
    assert len(names) == 10 and all((ROOT / "cs231n_lite" / name).is_file() for name in names)
