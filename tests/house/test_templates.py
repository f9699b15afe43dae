"""Laws of the templates: nothing inline, nothing missing, nothing imported in vain."""

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment, meta, nodes

from tests.house.tree import ROOT, syntax, text, under

TEMPLATES = under("templates", suffix=".html")
NAMES = {path.relative_to("templates").as_posix() for path in TEMPLATES} | {
    path.relative_to("templates").as_posix()
    for suffix in (".txt", ".svg", ".xml")
    for path in under("templates", suffix=suffix)
}
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True)
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def _tree(path: Path) -> nodes.Template:
    return ENVIRONMENT.parse(text(path))


def _markup(path: Path) -> str:
    return COMMENT.sub("", text(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_nothing_is_inline(path: Path) -> None:
    """The content policy would refuse it in the browser; this says so earlier."""
    markup = _markup(path)
    assert re.findall(r"<[^<>]*\sstyle\s*=", markup) == []
    assert re.findall(r"<[^<>]*\son[a-z]+\s*=\s*[\"']", markup) == []
    assert re.findall(r"javascript:", markup, re.IGNORECASE) == []
    scripts = re.findall(r"<(?:script|style)\b[^>]*>", markup)
    assert [tag for tag in scripts if "nonce=" not in tag and "src=" not in tag] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    assert re.findall(r"<(?:script|img|iframe|source)\b[^>]*src\s*=\s*[\"'](?:https?:)?//", _markup(path)) == []
    assert re.findall(r"<link\b[^>]*href\s*=\s*[\"'](?:https?:)?//", _markup(path)) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_every_template_that_is_named_exists(path: Path) -> None:
    assert {name for name in meta.find_referenced_templates(_tree(path)) if name} <= NAMES


def test_every_template_that_a_view_names_exists() -> None:
    named = {
        (str(path), node.args[0].value)
        for path in under("cx", "app.py")
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == "render_template"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert {(where, name) for where, name in named if name not in NAMES} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_nothing_is_imported_in_vain(path: Path) -> None:
    tree = _tree(path)
    imported: set[str] = {node.target for node in tree.find_all(nodes.Import)}
    for node in tree.find_all(nodes.FromImport):
        imported.update(name if isinstance(name, str) else name[1] for name in node.names)
    used = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
    assert imported - used == set()


def test_no_template_is_left_over() -> None:
    """A template that neither a view nor another template names is dead."""
    named = {name for path in TEMPLATES for name in meta.find_referenced_templates(_tree(path)) if name}
    words = "\n".join(text(path) for path in under("cx", "app.py"))
    assert {name for name in NAMES if name not in named and f'"{name}"' not in words} == set()


def test_the_stylesheets_and_scripts_fetch_nothing_from_elsewhere() -> None:
    for suffix in (".css", ".js"):
        for path in under("static", suffix=suffix):
            assert "@import url(http" not in text(path)
            assert re.findall(r"url\(\s*[\"']?(?:https?:)?//", text(path)) == []
    assert (ROOT / "static").is_dir()
