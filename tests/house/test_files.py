"""Names, sizes and words of the files themselves."""

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.house.tree import EVERYTHING, OURS, ROOT, files, imports, syntax, text, under

VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
LONGEST_MODULE = 300
LONGEST_FUNCTION = 50
# One vocabulary is one thing: cutting it in two would only hide half of it.
LONGER = {"cx/core/words.py": 400}
# Put together so that this file does not find itself.
MACHINE = re.compile(r"(?<![\w.])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me/\w+)/")
HOSTS = ["py" + "pi.org", "python" + "hosted.org", "deb.deb" + "ian.org", "registry.np" + "mjs.org"]
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
DIARY = re.compile(r"\b(?:Cla" + r"ude|Anth" + r"ropic|Chat" + r"GPT)\b|AI-gene" + r"rated", re.IGNORECASE)
PROSE = {".py", ".md", ".html", ".css", ".js", ".toml", ".txt", ".in", ".po", ".sh", ".svg", ""}


def _read(path: Path) -> str:
    try:
        return text(path)
    except UnicodeDecodeError:
        return ""


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    assert [path for path in files() if VAGUE & {Path(part).stem for part in path.parts}] == []


@pytest.mark.parametrize("path", under(*EVERYTHING), ids=str)
def test_a_module_is_short_and_says_what_it_is(path: Path) -> None:
    assert len(text(path).splitlines()) <= LONGER.get(path.as_posix(), LONGEST_MODULE)
    assert ast.get_docstring(syntax(path)), "a module begins with a docstring"


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function without its docstring."""
    last = function.end_lineno or function.lineno
    documented = ast.get_docstring(function) is not None
    words = function.body[0]
    docstring = (words.end_lineno or words.lineno) - words.lineno + 1 if documented else 0
    return last - function.lineno + 1 - docstring


@pytest.mark.parametrize("path", under(*OURS), ids=str)
def test_a_function_fits_a_screen(path: Path) -> None:
    functions = [node for node in ast.walk(syntax(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert {one.name: _length(one) for one in functions if _length(one) > LONGEST_FUNCTION} == {}


def test_nothing_is_left_unfinished_or_tells_of_one_machine() -> None:
    found = []
    for path in files():
        if path.suffix not in PROSE:
            continue
        for number, line in enumerate(_read(path).splitlines(), 1):
            said = UNFINISHED.search(line) or MACHINE.search(line) or DIARY.search(line)
            if said or any(host in line for host in HOSTS):
                found.append(f"{path}:{number}: {line.strip()[:100]}")
    assert found == [], "\n".join(found)


def test_the_front_door_stays_small() -> None:
    assert len(text(Path("app.py")).splitlines()) <= 80


def test_generated_files_are_not_kept() -> None:
    assert [path for path in files() if path.suffix in {".mo", ".pyc", ".sqlite3", ".log"}] == []


@pytest.mark.parametrize("path", under("cx/core"), ids=str)
def test_the_heart_imports_the_standard_library_and_itself(path: Path) -> None:
    allowed = sys.stdlib_module_names
    outside = {name for name in imports(path) if name.split(".")[0] not in allowed and not name.startswith("cx.core")}
    assert outside == set()


def test_the_heart_has_no_clock_of_its_own() -> None:
    asked = re.compile(r"\b(?:datetime\.now|datetime\.utcnow|date\.today|time\.time)\(")
    assert [path for path in under("cx/core") if asked.search(text(path))] == []


def test_every_part_of_the_house_has_its_floor() -> None:
    """A package or module that no contract names would be bound by no law."""
    contracts = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    parts = {Path(path.parts[1]).stem for path in under("cx")} - {"__init__"}
    assert {part for part in parts if f"cx.{part}" not in contracts} == set()


def test_locked_lists_have_a_hash_for_everything_and_name_no_host() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text(encoding="utf-8")
        pins = re.findall(r"^(\S+?)==[^\n]*?\\\n((?:    --hash=sha256:[0-9a-f]{64}[ \\]*\n)+)", lines, re.MULTILINE)
        named = re.findall(r"^[A-Za-z0-9][^\s=]*", lines, re.MULTILINE)
        assert len(pins) == len(named) > 0
        assert "://" not in lines
        assert "--index-url" not in lines
