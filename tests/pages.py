"""The one client through which tests fetch pages: whatever a test looks for, the page itself is inspected.

Valid HTML5; one h1, with which the title starts; every control labelled; no id twice; nothing inline that the
policy forbids; every form with a method; references by id (aria, label, summary links) lead somewhere.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_HARMLESS = frozenset({"expected-doctype-but-got-chars"})
_UNLABELLED = frozenset({"hidden", "submit", "button", "reset", "image"})


class Page:
    """A fetched page, parsed and found sound."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.text = response.get_data(as_text=True)
        parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
        self.tree: Element = parser.parse(self.text)
        faults = [error for error in parser.errors if error[1] not in _HARMLESS]
        assert not faults, f"{response.request.path}: not valid HTML: {faults[:3]}"
        _inspect(self.tree, response.request.path)

    @property
    def heading(self) -> str:
        return words(next(self.tree.iter("h1")))

    @property
    def main(self) -> str:
        return words(next(self.tree.iter("main")))

    def links(self) -> list[str]:
        return [str(one.get("href")) for one in self.tree.iter("a") if one.get("href")]

    def forms(self) -> list[Element]:
        return list(self.tree.iter("form"))

    def fields(self, number: int = 0, having: str = "") -> dict[str, str]:
        """What a browser would send of the form that has a field called `having`, else of form `number`, untouched."""
        forms = [form for form in self.forms() if not having or any(one.get("name") == having for one in form.iter())]
        return _fields(forms[number])


def words(element: Element) -> str:
    return re.sub(r"[ \n\t\r]+", " ", "".join(element.itertext())).strip()


def _fields(form: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in form.iter():
        name, kind = one.get("name"), one.get("type", "text")
        if not name:
            continue
        if one.tag == "textarea":
            found[name] = "".join(one.itertext()).removeprefix("\n")
        elif one.tag == "select":
            options = list(one.iter("option"))
            on = [option for option in options if option.get("selected") is not None] or options[:1]
            found.update({name: str(on[0].get("value", ""))} if on else {})
        elif one.tag == "input" and (kind not in {"checkbox", "radio", "submit"} or one.get("checked") is not None):
            found[name] = str(one.get("value", ""))
    return found


def _inspect(tree: Element, path: str) -> None:
    headings = list(tree.iter("h1"))
    assert len(headings) == 1, f"{path}: {len(headings)} h1"
    title = words(next(tree.iter("title")))
    assert words(headings[0]) and title.startswith(words(headings[0])), f"{path}: title {title!r} is not the h1"
    assert next(tree.iter("html")).get("lang") in {"fr", "en"}, f"{path}: no language"
    ids = [str(one.get("id")) for one in tree.iter() if one.get("id") is not None]
    twice = {one for one in ids if ids.count(one) > 1}
    assert not twice, f"{path}: ids twice: {twice}"
    _references(tree, set(ids), path)
    _labels(tree, path)
    for one in tree.iter():
        assert one.get("style") is None, f"{path}: inline style"
        assert not [name for name in one.attrib if str(name).startswith("on")], f"{path}: inline handler"
        if one.tag == "script":
            assert one.get("nonce") and one.get("src"), f"{path}: script without nonce and source"
        if one.tag == "form":
            assert one.get("method") in {"post", "get", None}, f"{path}: form method"
        for name in ("src", "href", "action"):
            assert not str(one.get(name, "")).startswith("//"), f"{path}: external address"


def _references(tree: Element, ids: set[str], path: str) -> None:
    for one in tree.iter():
        for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            for wanted in str(one.get(name, "")).split():
                assert wanted in ids, f"{path}: {name} leads to {wanted!r}, which is not there"
        href = str(one.get("href", ""))
        if href.startswith("#") and len(href) > 1:
            assert href[1:] in ids, f"{path}: link to {href}, which is not there"
        for name, value in one.attrib.items():
            assert value != "None", f"{path}: {name} says None"


def _labels(tree: Element, path: str) -> None:
    wrapped = {id(inner) for label in tree.iter("label") for inner in label.iter() if words(label)}
    named = {str(label.get("for")) for label in tree.iter("label") if label.get("for") and words(label)}
    for one in tree.iter():
        if one.tag not in {"input", "select", "textarea"} or one.get("type") in _UNLABELLED:
            continue
        labelled = id(one) in wrapped or one.get("id") in named or one.get("aria-label") or one.get("aria-labelledby")
        assert labelled, f"{path}: no label for {one.get('name')}"


class Browser:
    """A test client that keeps cookies and inspects each HTML page it gets; like a browser, it says where it is."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.client: FlaskClient = app.test_client()
        self.headers = {"Accept-Language": language}

    def get(self, path: str, status: int = 200, **options: Any) -> Page:
        """Fetch a page; redirects are followed."""
        return self._page(self.client.get(path, headers=self.headers, follow_redirects=True, **options), status)

    def post(self, path: str, data: dict[str, Any], status: int = 200, **options: Any) -> Page:
        """Send a form; redirects are followed."""
        headers = {**self.headers, "Sec-Fetch-Site": "same-origin"}
        return self._page(self.client.post(path, data=data, headers=headers, follow_redirects=True, **options), status)

    def raw(self, method: str, path: str, **options: Any) -> TestResponse:
        """One request, not followed and not inspected."""
        headers = {**self.headers, "Sec-Fetch-Site": "same-origin", **options.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **options)

    def _page(self, response: TestResponse, status: int) -> Page:
        assert response.status_code == status, f"{response.request.path}: {response.status_code}, not {status}"
        assert response.mimetype == "text/html", response.mimetype
        return Page(response)
