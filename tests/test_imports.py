"""Imports point one way, as the folder's listing reads; agencies are data, and no code names any."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parents[1] / "dedup"

LAYERS = (
    {"errors"},
    {"model", "settings"},
    {"jit", "shelf", "workers"},
    {"text"},
    {"packing"},
    {"minhash"},
    {"matching"},
    {"attribution"},
    {"stories"},
    {"stages", "progress"},
    {"pairwise", "working", "conclusions"},
    {"intake"},
    {"batch", "index"},
    {"pipeline"},
    {"cli"},
    {"__main__"},
)
"""Parts of the package, each of which may import from the ones above it and from itself."""

ASIDE = {"readers": {"errors", "model", "settings"}, "writers": {"errors", "model", "settings"}}
"""Parts that stand beside: what each may import. Whatever stands from `stages` on may import them."""

FACADE = ""
"""`dedup/__init__.py`: promises the public names, and imports what makes them when they are called."""

# Agencies whose name is no word of any language that code or its messages are written in.
UNMISTAKABLE = (
    "AP",
    "Reuters",
    "AFP",
    "dpa",
    "Xinhua",
    "Bloomberg",
    "UPI",
    "ANSA",
    "TASS",
    "Kyodo",
    "Yonhap",
    "PTI",
)


class Import(NamedTuple):
    module: str
    imported: str
    lazy: bool
    typing_only: bool


@cache
def trees() -> dict[str, ast.Module]:
    """Syntax tree of every module, by its name below `dedup`."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = ast.parse(
            path.read_text(encoding="utf-8")
        )
    return found


@cache
def imports() -> tuple[Import, ...]:
    """Every import of one module of the package by another."""
    return tuple(found for name, tree in trees().items() for found in _imports(name, tree, False, False))


def _imports(name: str, tree: ast.AST, lazy: bool, typing_only: bool) -> Iterator[Import]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            yield from (each for part in node.body for each in _imports_of(name, part, lazy, True))
            yield from (each for part in node.orelse for each in _imports_of(name, part, lazy, typing_only))
        else:
            yield from _imports_of(name, node, lazy, typing_only)


def _imports_of(name: str, node: ast.AST, lazy: bool, typing_only: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name.split(".")[0] == "dedup":
                yield Import(name, alias.name.removeprefix("dedup").lstrip("."), lazy, typing_only)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{name}: a relative import"
        if node.module and node.module.split(".")[0] == "dedup":
            base = node.module.removeprefix("dedup").lstrip(".")
            for alias in node.names:
                below = f"{base}.{alias.name}".lstrip(".")
                # `from dedup import __version__` takes a string of a module that is loaded before any other.
                if alias.name != "__version__":
                    yield Import(name, below if below in trees() else base, lazy, typing_only)
    else:
        inside = lazy or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        yield from _imports(name, node, inside, typing_only)


def part(module: str) -> str:
    return module.split(".")[0]


def depth(name: str) -> int:
    return next(i for i, layer in enumerate(LAYERS) if name in layer)


def allowed(importer: str, imported: str) -> bool:
    if importer in (imported, FACADE):
        return True
    if importer in ASIDE:
        return imported in ASIDE[importer]
    if imported in ASIDE:
        return depth(importer) >= depth("stages")
    return imported != FACADE and depth(imported) < depth(importer)


def test_every_part_has_its_place() -> None:
    known = set().union(*LAYERS) | set(ASIDE) | {FACADE}
    assert {part(name) for name in trees()} <= known
    assert len(imports()) > 50


def test_imports_point_one_way() -> None:
    wrong = [
        f"{each.module} imports {each.imported}"
        for each in imports()
        if not each.typing_only and not allowed(part(each.module), part(each.imported))
    ]
    assert not wrong


def test_types_come_from_below_too() -> None:
    wrong = [
        f"{each.module} imports {each.imported}"
        for each in imports()
        if each.typing_only and not allowed(part(each.module), part(each.imported))
    ]
    assert not wrong


def test_no_module_imports_itself_round_a_corner() -> None:
    graph: dict[str, set[str]] = {name: set() for name in trees()}
    for each in imports():
        # A package's `__init__` re-exports what stands in it; its modules do not import it back.
        if not each.typing_only and each.module != FACADE:
            graph[each.module].add(each.imported)
    TopologicalSorter(graph).prepare()


def test_the_facade_imports_nothing_heavy_before_it_is_called() -> None:
    eager = {
        each.imported for each in imports() if each.module == FACADE and not (each.lazy or each.typing_only)
    }
    assert eager == {"errors", "model", "settings"}


def test_nothing_is_pickled_but_machine_code() -> None:
    loaded = {
        alias.name.split(".")[0]
        for name, tree in trees().items()
        if part(name) != "jit"
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in ([ast.alias(node.module or "")] if isinstance(node, ast.ImportFrom) else node.names)
    }
    assert "sqlite3" in loaded
    assert not loaded & {"pickle", "marshal", "shelve", "joblib", "dill", "cloudpickle"}


def test_no_star_imports() -> None:
    assert not [
        name
        for name, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    ]


@pytest.mark.parametrize("name", UNMISTAKABLE)
def test_no_code_names_an_agency(name: str) -> None:
    listed = tomllib.loads((PACKAGE / "attribution" / "agencies.toml").read_text(encoding="utf-8"))["agency"]
    agency = next(each for each in listed if each["name"] == name)
    names = {agency["name"], *agency["names"], *agency.get("tags", ())}
    assert len(strings()) > 500
    assert not [f"{place}: {text!r}" for place, text in strings() if text.strip() in names]


@cache
def strings() -> tuple[tuple[str, str], ...]:
    """Every string in the code that is no docstring, with its place; of a tuple of words each word."""
    found: list[tuple[str, str]] = []
    for name, tree in trees().items():
        documentation = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in documentation
            ):
                place = f"{name or 'dedup'}:{node.lineno}"
                pieces = {node.value, *node.value.split(), *_alternatives(node.value)}
                found.extend((place, piece) for piece in sorted(pieces))
    return tuple(found)


def _alternatives(pattern: str) -> list[str]:
    """The words that a regular expression lists: `(?:AP|AFP)` gives two."""
    return "".join(char if char.isalnum() or char in ". " else "|" for char in pattern).split("|")
