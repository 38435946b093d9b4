"""axe-core looks at the page in each of its states, light and dark, wide and narrow."""

import json
from pathlib import Path

import pytest

from helpers.axe import axe_script
from helpers.chromium import NO_WEBGL, PROGRAM, opened_tab
from helpers.explorer_visits import SHORT_NAMES

pytestmark = pytest.mark.slow

LIST = "list=1000,1000;9000,1000;9000,9000;1000,9000"
STATES = {
    "welcome": ("", 1, ""),
    "neighbours": ("#q=king&color=column-1", 1, ""),
    "a sum": ("#q=king%20-%20man%20%2B%20woman", 1, ""),
    "an unknown word": ("#q=qeuen", 1, ""),
    "two sets": ("#q=word77", 2, ""),
    "completions": ("", 1, "$('#query').value = 'wo'; $('#query').focus(); app.box.suggest()"),
    "an axis": ("#tab=axis&from=he&to=she", 1, ""),
    "a list": ("#tab=list&" + LIST, 1, ""),
    "help": ("", 1, "$('#help').showModal()"),
}


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    if not PROGRAM:
        pytest.skip("needs Chromium (Debian's package: chromium)")
    script = axe_script(tmp_path_factory.mktemp("axe"))
    if script is None:
        pytest.skip("needs axe-core: pip install --no-deps axe-playwright-python, or npm")
    return script


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_axe_finds_no_fault(axe: str, pages: dict[int, Path], theme: str, width: int) -> None:
    with opened_tab(*NO_WEBGL) as tab:
        for state, (hash_, sets, act) in STATES.items():
            tab.renew()
            tab.send("Page.setBypassCSP", enabled=True)
            tab.size(width, 780)
            tab.prefer(prefers_color_scheme=theme, prefers_reduced_motion="reduce")
            tab.open(pages[sets].as_uri() + hash_)
            tab.run(SHORT_NAMES + act)
            tab.run(axe + ";0")
            found = json.loads(tab.run("axe.run().then(found => JSON.stringify(found.violations))"))
            told = {
                one["id"]: (
                    one["impact"],
                    one["help"],
                    [node["html"][:120] for node in one["nodes"]],
                )
                for one in found
            }
            assert told == {}, state


def test_axe_finds_the_fault_of_a_button_without_a_name(axe: str, pages: dict[int, Path]) -> None:
    with opened_tab(*NO_WEBGL) as tab:
        tab.send("Page.setBypassCSP", enabled=True)
        tab.open(pages[1].as_uri())
        tab.run("document.querySelector('#zoom-in').removeAttribute('aria-label')")
        tab.run("document.querySelector('#zoom-in').removeAttribute('title')")
        tab.run("document.querySelector('#zoom-in').textContent = ''")
        tab.run(axe + ";0")
        assert tab.run("axe.run().then(found => found.violations.map(one => one.id))") == [
            "button-name"
        ]
