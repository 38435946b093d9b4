"""A notebook without a browser: what a cell shows, as IPython's kernel would be told it."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest


class Notebook:
    """Stands for IPython in a kernel. `outputs` are the updates of its outputs, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, has_kernel: bool = True) -> None:
        self.outputs: list[tuple[int, dict[str, str]]] = []
        self.count = 0
        ipython, display = ModuleType("IPython"), ModuleType("IPython.display")
        shell = SimpleNamespace(kernel=object()) if has_kernel else SimpleNamespace()
        vars(ipython)["get_ipython"] = lambda: shell
        vars(display)["display"] = self._display
        monkeypatch.setitem(sys.modules, "IPython", ipython)
        monkeypatch.setitem(sys.modules, "IPython.display", display)

    def _display(self, data: dict[str, str], *, raw: bool, display_id: bool) -> Any:
        assert raw
        assert display_id
        number, self.count = self.count, self.count + 1
        self.outputs.append((number, data))

        def update(data: dict[str, str], *, raw: bool) -> None:
            assert raw
            self.outputs.append((number, data))

        return SimpleNamespace(update=update)
