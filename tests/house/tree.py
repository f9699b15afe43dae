"""The files of the house as git sees them, and what their trees of syntax say."""

import ast
import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LEFT_OUT = {".venv", "data", ".git", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}


@functools.cache
def files() -> tuple[Path, ...]:
    """Every file that is or could be committed, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        paths = [Path(name) for name in listed.stdout.split("\0") if name]
    else:
        paths = [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file()]
    return tuple(sorted({path for path in paths if not LEFT_OUT & set(path.parts) and (ROOT / path).is_file()}))


def under(*folders: str, suffix: str = ".py") -> list[Path]:
    """The files with that suffix below these folders (or that are one of them)."""
    named = [path for path in files() if path.suffix == suffix]
    return [path for path in named if {path.as_posix(), *(parent.as_posix() for parent in path.parents)} & set(folders)]


@functools.cache
def text(path: Path) -> str:
    """What a file says."""
    return (ROOT / path).read_text(encoding="utf-8")


@functools.cache
def syntax(path: Path) -> ast.Module:
    """The tree of syntax of a Python file."""
    return ast.parse(text(path), filename=str(path))


def imports(path: Path) -> set[str]:
    """The full names of all modules that a Python file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


OURS = ("app.py", "cx", "models")
EVERYTHING = (*OURS, "tests", "bench")
