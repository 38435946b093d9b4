"""The documents say what the code does."""

import re
import runpy
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import skipgram
from skipgram import settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


def test_the_page_of_commands_is_what_the_command_line_declares() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "make_command_docs.py"))
    assert (ROOT / "docs" / "commands.md").read_text() == tool["document"]()


@pytest.mark.parametrize("name", skipgram.__all__)
def test_every_public_name_is_in_the_python_page(name: str) -> None:
    assert re.search(rf"`(skipgram\.)?{name}\b", (ROOT / "docs" / "python.md").read_text())
    assert getattr(skipgram, name) is not None


SETTINGS = [
    item.name
    for part in (
        settings.TextSettings,
        settings.VocabularySettings,
        settings.ModelSettings,
        settings.TrainingSettings,
        settings.RunSettings,
    )
    for item in fields(part)
]


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_an_option_of_the_command_line(name: str) -> None:
    assert f"`--{name.replace('_', '-')}`" in (ROOT / "docs" / "commands.md").read_text()


def links() -> list[Any]:
    found = []
    for document in DOCUMENTS:
        text = re.sub(r"```.*?```|`[^`]*`", "", document.read_text(), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)|(?<=src=\")([^\"]+)", text):
            link = "".join(target)
            if "://" not in link:
                found.append(pytest.param(document, link, id=f"{document.name}:{link}"))
    return found


@pytest.mark.parametrize(("document", "link"), links())
def test_every_link_inside_the_project_leads_somewhere(document: Path, link: str) -> None:
    path, _, anchor = link.partition("#")
    target = (document.parent / path) if path else document
    assert target.exists(), f"{document.name} links to {link}"
    if anchor and target.suffix == ".md":
        assert anchor in {anchor_of(line) for line in target.read_text().splitlines()}


def anchor_of(line: str) -> str | None:
    """GitHub's anchor of a heading."""
    if not line.startswith("#"):
        return None
    heading = re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower())
    return heading.strip().replace(" ", "-")
