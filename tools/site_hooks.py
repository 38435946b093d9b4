"""What the site needs besides docs/: the pages of the root, and the sources that pages link to.

On GitHub these links lead to the files themselves; here they lead to pages made of them.
"""

import json
import re
from pathlib import Path
from typing import Any

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
ROOT_PAGES = ("CONTRIBUTING.md", "DESIGN.md", "CHANGELOG.md")
TO_SOURCE = re.compile(r"\]\((?:\.\./)?((?:src|examples)/[^)#]+\.(?:py|ipynb))\)")
TO_ROOT = re.compile(r"\]\(\.\./([A-Z]+\.md)")
TO_DOCS = re.compile(r"\]\(docs/")


class DoctestsAsCode(Preprocessor):  # type: ignore[misc]
    """Examples in the text of a docstring are code; Markdown takes their `>>>` for quotations."""

    def run(self, lines: list[str]) -> list[str]:
        result: list[str] = []
        is_example = False
        for line in lines:
            if line.startswith(">>> ") and not is_example:
                is_example = True
                result.append("")
            is_example = is_example and bool(line.strip())
            result.append(f"    {line}" if is_example else line)
        return result


class Doctests(Extension):  # type: ignore[misc]
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        """After fenced code (25), whose examples are code already."""
        md.preprocessors.register(DoctestsAsCode(md), "doctests", 20)


def on_config(config: Any) -> Any:
    """Show the examples of docstrings as code."""
    config.markdown_extensions.append(Doctests())
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add a page for each of the root's, and for each source file that a page links to."""
    pages = [ROOT / name for name in ROOT_PAGES]
    for page in pages:
        files.append(File.generated(config, page.name, content=page.read_text(encoding="utf-8")))
    texts = [page.read_text(encoding="utf-8") for page in [*pages, *ROOT.glob("docs/*.md")]]
    for source in sorted({link for text in texts for link in TO_SOURCE.findall(text)}):
        if not (ROOT / source).is_file():
            continue  # MkDocs names the page whose link is dead
        added = File.generated(config, f"{source}.md", content=_page_of(ROOT / source))
        added.inclusion = added.inclusion.NOT_IN_NAV
        files.append(added)
    return files


def _page_of(source: Path) -> str:
    """A module as code; a notebook as its cells, without what they showed."""
    text = source.read_text(encoding="utf-8")
    if source.suffix != ".ipynb":
        return f"# {source.name}\n\n{_code(text)}"
    cells = [
        written if cell["cell_type"] == "markdown" else _code(f"{written}\n")
        for cell in json.loads(text)["cells"]
        if (written := "".join(cell["source"]))
    ]
    return "\n\n".join(cells).replace("](../docs/", "](../")


def _code(text: str) -> str:
    return f"````python\n{text}````\n"


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Turn the links that leave docs/ to the pages added above."""
    markdown = TO_SOURCE.sub(r"](\1.md)", markdown)
    markdown = TO_ROOT.sub(r"](\1", markdown)
    return TO_DOCS.sub("](", markdown)
