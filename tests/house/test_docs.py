"""The documentation is true: generated parts are up to date, and what it names exists."""

import importlib.util
import re
from types import ModuleType

import pytest

from tests.house.tree import ROOT

DOCS = [*sorted(ROOT.glob("docs/**/*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"]


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("file", ["dispute.md", "clocks.md", "themes.md"])
def test_generated_parts_are_up_to_date(file: str) -> None:
    generate = _generator()
    text = (ROOT / "docs" / file).read_text(encoding="utf8")
    made = {name: make() for name, make in generate.PARTS[file].items()}
    assert text == generate.renewed(text, made), "run: python docs/generate.py"


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_page_names_exists(path) -> None:  # type: ignore[no-untyped-def]
    text = path.read_text(encoding="utf8")
    named = re.findall(r"`((?:cx|models|tests|docs|bench|templates|static|migrations)/[\w./-]+\.\w+)`", text)
    linked = [one for one in re.findall(r"\]\(([^)#\s]+)\)", text) if "://" not in one]
    missing = [one for one in named if not (ROOT / one).exists()]
    missing += [one for one in linked if not (path.parent / one).exists()]
    assert not missing


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_that_a_page_shows_exists(path) -> None:  # type: ignore[no-untyped-def]
    from app import create_app

    commands = create_app().cli.commands
    shown = re.findall(r"\./run flask ([a-z]+)", path.read_text(encoding="utf8"))
    assert set(shown) <= set(commands)
