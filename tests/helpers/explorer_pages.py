"""An explorer's page read back as a browser would: its elements, its data, its policy."""

import base64
import json
from html.parser import HTMLParser
from typing import Any, NamedTuple

import numpy as np

DTYPES = {
    "rows": np.int8,
    "scales": np.dtype("<f4"),
    "places": np.dtype("<u2"),
    "counts": np.dtype("<u4"),
    "clusters": np.uint8,
    "common": np.dtype("<i4"),
}


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str | None]
    text: str


class Page(HTMLParser):
    """The elements of a page in their order, each with the text directly in it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[int] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._open.append(len(self.elements))
        self.elements.append(Element(tag, dict(attributes), ""))
        if tag in ("meta", "link", "img", "br"):
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self._open and self.elements[self._open.pop()].tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open:
            found = self.elements[self._open[-1]]
            self.elements[self._open[-1]] = found._replace(text=found.text + data)

    def of_tag(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    def by_id(self, name: str) -> Element:
        (found,) = (item for item in self.elements if item.attributes.get("id") == name)
        return found

    @property
    def about(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.by_id("about").text)
        return found

    def block(self, name: str, dtype: Any = None) -> np.ndarray:
        raw = base64.b64decode(self.by_id(name).text, validate=True)
        return np.frombuffer(raw, dtype or DTYPES[name.rstrip("01")])

    @property
    def policy(self) -> dict[str, list[str]]:
        """Each rule of the policy, with what it allows."""
        (content,) = (
            str(item.attributes["content"])
            for item in self.of_tag("meta")
            if item.attributes.get("http-equiv") == "Content-Security-Policy"
        )
        rules = [rule.split() for rule in content.split(";")]
        return {rule[0]: rule[1:] for rule in rules}
