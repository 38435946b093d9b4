"""The site shows every page, and its reference every public name. `make site` checks its links."""

import re
from pathlib import Path

import skipgram

ROOT = Path(__file__).parents[2]


def test_every_page_is_in_the_navigation_once():
    navigation = (ROOT / "mkdocs.yml").read_text().partition("\nnav:\n")[2].partition("\n\n")[0]
    pages = re.findall(r": (\S+\.md)$", navigation, flags=re.MULTILINE)
    root_pages = [page.name for page in ROOT.glob("*.md") if page.name != "README.md"]
    assert sorted(pages) == sorted([page.name for page in ROOT.glob("docs/*.md")] + root_pages)


def test_the_reference_has_every_public_name():
    reference = (ROOT / "docs" / "reference.md").read_text()
    names = re.findall(r"^::: skipgram\.(\w+)$", reference, flags=re.MULTILINE)
    assert set(skipgram.__all__) <= set(names)
    assert len(names) == len(set(names))


def test_the_home_page_leads_to_every_page():
    home = (ROOT / "docs" / "index.md").read_text()
    for page in ROOT.glob("docs/*.md"):
        assert page.name == "index.md" or f"]({page.name})" in home
