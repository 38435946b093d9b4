"""The page without its data: a template whose styles and scripts are put inside it.

The page may load nothing: its policy (CSP) names the hash of each of its scripts and styles, and
forbids all others, so that a word which is a script would not run even if it came to be
one. Only a script's own bytes are hashed; data elements are no scripts.

Source: https://www.w3.org/TR/CSP3/
"""

import base64
import hashlib
import html
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from skipgram.untrusted.opening import read_whole

FOLDER = Path(__file__).with_name("page")
INDEX = "index.html"
MORE_FOR_SCRIPTS: tuple[str, ...] = ()
"""What the scripts need beside their hashes, as 'unsafe-eval' for one that makes functions."""
MORE_RULES: tuple[str, ...] = ()
"""Further rules of the policy, as "worker-src blob:"."""

_STYLE = re.compile(r'<link rel="stylesheet" href="([\w./-]+)"\s*/?>')
_SCRIPT = re.compile(r'<script src="([\w./-]+)"></script>')
_CHARSET = re.compile(r'<meta charset="utf-8"\s*/?>', re.IGNORECASE)
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_ENDS_A_SCRIPT = re.compile(r"</script|<!--", re.IGNORECASE)
_ENDS_A_STYLE = re.compile(r"</style", re.IGNORECASE)
_MOST_BYTES = 1 << 24


@dataclass(frozen=True)
class Template:
    """The page in two parts, between which the data elements stand, and what its policy allows."""

    before: str
    after: str
    scripts: tuple[str, ...]
    """their hashes, as the policy names them"""
    styles: tuple[str, ...]

    def policy(self, *, is_served: bool) -> str:
        """What the page may do: run its own scripts, and ask its server if it has one."""
        asked = "'self'" if is_served else "'none'"
        return "; ".join(
            (
                "default-src 'none'",
                " ".join(("script-src", *self.scripts, *MORE_FOR_SCRIPTS)),
                " ".join(("style-src", *self.styles)),
                "img-src data: blob:",
                f"connect-src {asked}",
                "base-uri 'none'",
                "form-action 'none'",
                *MORE_RULES,
            )
        )

    def beginning(self, title: str, *, is_served: bool) -> str:
        """What comes before the data."""
        policy = html.escape(self.policy(is_served=is_served), quote=False)
        head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        text = _CHARSET.sub(lambda found: found[0] + head, self.before, count=1)
        named = f"<title>{html.escape(title)}</title>"
        return _TITLE.sub(lambda found: named, text, count=1)


@lru_cache
def template(folder: Path = FOLDER) -> Template:
    """The template of a folder."""
    text = _text(folder / INDEX)
    if not (_CHARSET.search(text) and _TITLE.search(text) and _SCRIPT.search(text)):
        raise ValueError(f"{folder / INDEX} needs a charset, a title and a script")
    hashes: dict[str, list[str]] = {"script": [], "style": []}

    def inlined(tag: str, ends: re.Pattern[str], found: re.Match[str]) -> str:
        content = _text(folder / found[1])
        if ends.search(content):
            raise ValueError(f"{folder / found[1]} would end the element that it stands in")
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        hashes[tag].append(f"'sha256-{digest}'")
        return f"<{tag}>{content}</{tag}>"

    text = _STYLE.sub(lambda found: inlined("style", _ENDS_A_STYLE, found), text)
    first = _SCRIPT.search(text)
    assert first is not None  # it was looked for
    before, after = text[: first.start()], text[first.start() :]
    after = _SCRIPT.sub(lambda found: inlined("script", _ENDS_A_SCRIPT, found), after)
    return Template(before, after, tuple(hashes["script"]), tuple(hashes["style"]))


def _text(file: Path) -> str:
    # A browser reads \r\n as \n, of which the hash would then be.
    text = read_whole(file, "a part of the page", most_bytes=_MOST_BYTES).decode("utf-8")
    return text.replace("\r\n", "\n")
