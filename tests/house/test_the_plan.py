"""The house is as its plan says: rooms, floors, no circle of imports, no room too large."""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "src" / "skipgram"
MOST_LOOSE, MOST_LINES = 8, 400

PACKAGES = sorted(file.parent for file in HOUSE.rglob("__init__.py") if file.parent != HOUSE)
MODULES = sorted(HOUSE.rglob("*.py"))


def name_of(file: Path) -> str:
    parts = file.relative_to(HOUSE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(file: Path, known: set[str]) -> Iterator[str]:
    """The modules of the house that a file imports, wherever in it, for types alone as well."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module


def graph(files: list[Path]) -> dict[str, set[str]]:
    """What imports what; a package's face, which only hands names on, is left out."""
    known = {name_of(file) for file in files}
    faces = {name_of(file) for file in files if file.name == "__init__.py"}
    return {
        name_of(file): set(imported(file, known)) - faces - {name_of(file)}
        for file in files
        if name_of(file) not in faces
    }


def test_no_modules_import_each_other_in_a_circle() -> None:
    TopologicalSorter(graph(MODULES)).prepare()


def test_this_test_of_circles_can_fail() -> None:
    arrows = graph(MODULES)
    one = next(module for module in arrows if arrows[module])
    arrows[next(iter(arrows[one]))].add(one)
    with pytest.raises(CycleError):
        TopologicalSorter(arrows).prepare()


def test_few_modules_stand_loose_at_the_top() -> None:
    assert len(list(HOUSE.glob("*.py"))) <= MOST_LOOSE


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_no_module_is_longer_than_a_reader_likes(file: Path) -> None:
    assert len(file.read_text().splitlines()) <= MOST_LINES


def test_the_tree_in_the_guide_has_every_room_and_no_other() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text()
    tree = next(part for part in guide.split("```") if part.lstrip().startswith("errors"))
    shown, above = set(), ""
    for indent, room in re.findall(r"^( *)(\w+)/ ", tree, flags=re.MULTILINE):
        above = above if indent else room
        shown.add(HOUSE / above / room if indent else HOUSE / room)
    assert shown == set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: name_of(package / "__init__.py"))
def test_a_package_says_in_which_order_its_modules_read(package: Path) -> None:
    told = ast.get_docstring(ast.parse((package / "__init__.py").read_text())) or ""
    if "Reading order:" not in told:
        assert package.name in ("commands", "subwords"), "no order is told"
        return
    order = told.split("Reading order:")[1]
    named = set(re.findall(r"\w+", order))
    modules = {file.stem for file in package.glob("*.py")} - {"__init__"}
    assert modules - named == set(), "modules that it does not name"


def test_every_file_of_tests_has_a_name_of_its_own() -> None:
    # pytest imports them by their names, and of two it would run one.
    names = [file.name for file in (ROOT / "tests").rglob("test_*.py")]
    assert sorted({name for name in names if names.count(name) > 1}) == []
