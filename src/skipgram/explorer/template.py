"""The page without its data: a template, into which its styles and scripts are put.

    <!--csp-->       the policy: the hash of each script and style, and what they may do
    <!--styles-->    explorer.css
    <!--data-->      the data elements
    <!--scripts-->   the scripts that scripts.txt names, in its order

The page may load nothing, and runs its own scripts only: a word that is a script would not run even
if it came to be one. Only a script's own bytes are hashed; data elements are no scripts.

Source: https://www.w3.org/TR/CSP3/
"""

import base64
import hashlib
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from skipgram.untrusted.opening import read_lines, read_whole

FOLDER = Path(__file__).with_name("page")
INDEX, SCRIPTS, STYLES = "index.html", "scripts.txt", ("explorer.css",)
MORE_FOR_SCRIPTS: tuple[str, ...] = ()
"""What the scripts need beside their hashes, as 'unsafe-eval' for one that makes functions."""
MORE_RULES: tuple[str, ...] = ()
"""Further rules of the policy, as "worker-src blob:"."""

_CSP, _STYLES, _DATA, _SCRIPTS = (f"<!--{name}-->" for name in ("csp", "styles", "data", "scripts"))
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
        named = f"<title>{html.escape(title)}</title>"
        return _TITLE.sub(lambda _: named, self.before.replace(_CSP, head), count=1)


@lru_cache
def template(folder: Path = FOLDER) -> Template:
    """The template of a folder."""
    text = _text(folder / INDEX)
    for mark in (_CSP, _STYLES, _DATA, _SCRIPTS):
        if text.count(mark) != 1:
            raise ValueError(f"{folder / INDEX} has {mark} {text.count(mark)} times, not once")
    names = [line.strip() for line in read_lines(folder / SCRIPTS, "a list of scripts")]
    scripts, script_hashes = _inlined(
        "script", [folder / name for name in names if name], _ENDS_A_SCRIPT
    )
    styles, style_hashes = _inlined("style", [folder / name for name in STYLES], _ENDS_A_STYLE)
    before, _, after = text.replace(_STYLES, styles).partition(_DATA)
    return Template(before, after.replace(_SCRIPTS, scripts), script_hashes, style_hashes)


def script_hash(content: str) -> str:
    """What a policy calls a script or style that may stand in a page."""
    digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _inlined(tag: str, files: Sequence[Path], ends: re.Pattern[str]) -> tuple[str, tuple[str, ...]]:
    """An element for each file, and their hashes as a policy names them."""
    elements, hashes = [], []
    for file in files:
        content = _text(file)
        if ends.search(content):
            raise ValueError(f"{file} would end the element that it stands in")
        hashes.append(script_hash(content))
        elements.append(f"<{tag}>{content}</{tag}>")
    return "\n".join(elements), tuple(hashes)


def _text(file: Path) -> str:
    # A browser reads \r\n as \n, of which the hash would then be.
    text = read_whole(file, "a part of the page", most_bytes=_MOST_BYTES).decode("utf-8")
    return text.replace("\r\n", "\n")
