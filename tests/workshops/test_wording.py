"""What letters say: that something happened and where to read it, to one address, in one language."""

from datetime import UTC, datetime

import pytest

from cx.post.transport import MailRefused, MailServer, Posted, compose
from cx.post.wording import KINDS, LANGUAGES, word

BASE = "https://doleance.example.org"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DATA = {
    "reference": "DL-7K3M-9QXT",
    "secret": "0123456789ABCDEF",
    "organisation": "Poste Arvane",
    "person": "Nadia Ferrand",
    "function": "complaints officer",
    "name": "Madeleine <b>Garnier</b>",
    "due": "2027-01-19",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_worded_without_anything_the_customer_typed(kind: str, language: str) -> None:
    words = word(kind, language, DATA, BASE)
    assert words.subject
    assert "{" not in words.subject + words.text
    assert "[" not in words.subject + words.text
    assert "Garnier" not in words.subject + words.text
    assert words.text.count("https://") == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_is_unknown_is_not_mentioned(kind: str, language: str) -> None:
    words = word(kind, language, {"reference": DATA["reference"]}, BASE)
    assert "None" not in words.text
    assert " ." not in words.text
    assert "\n\n\n" not in words.text
    assert "https://" not in words.text


def test_other_letters_lead_to_the_page_that_they_name() -> None:
    words = word("password_reset", "en", {"path": "/accounts/reset/", "secret": "abc.def"}, BASE)
    assert f"{BASE}/accounts/reset/abc.def" in words.text


def test_braces_and_brackets_in_a_name_are_only_letters() -> None:
    words = word("written", "en", {**DATA, "person": "{reference} [x] %s"}, BASE)
    assert "{reference} [x] %s" in words.text


@pytest.mark.parametrize(
    "address",
    [
        "a@b\r\nBcc: c@d", "a@b, c@d", '"x" <a@b>, c@d', "a b@example.org", "a@", "@b", "", "a@b@c", "x" * 250 + "@b.org",
        "a@[127.0.0.1]", "a\0@b.org", "a@b.org;c@d.org",
    ],
)  # fmt: skip
def test_nothing_is_sent_to_what_is_not_one_address(address: str) -> None:
    with pytest.raises(MailRefused) as refused:
        compose(Posted(address, "s", "t", "fr", "id@doleance", NOW), "d@example.org")
    assert refused.value.permanent


def test_a_line_break_never_makes_a_header() -> None:
    words = word("received", "fr", {**DATA, "reference": "DL\r\nBcc: x@example.org"}, BASE)
    assert "\n" not in words.subject
    with pytest.raises(MailRefused):
        compose(Posted("a@b.org", "Hello\r\nBcc: c@d.org", "t", "fr", "id@doleance", NOW), "d@example.org")


def test_an_address_of_a_domain_with_accents_is_written_as_mail_writes_it() -> None:
    mail = compose(Posted("m@éàè.example.org", "s", "t", "fr", "id@doleance", NOW), "d@example.org")
    assert mail["To"] == "m@xn--0caqb.example.org"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://relay", ("relay", 25, False, "", "doleance@doleance.example.org")),
        ("smtps://relay", ("relay", 465, True, "", "doleance@doleance.example.org")),
        ("smtp://me%40x.org:p%2Fw@relay:587", ("relay", 587, False, "me@x.org", "me@x.org")),
        ("smtp://relay:2525?from=hello@x.org", ("relay", 2525, False, "", "hello@x.org")),
    ],
)
def test_where_letters_go(url: str, expected: tuple[str, int, bool, str, str]) -> None:
    found = MailServer.from_url(url, BASE)
    assert (found.host, found.port, found.wrapped, found.user, found.sender) == expected


@pytest.mark.parametrize("url", ["relay", "http://relay", "smtp://", "smtp://relay:port"])
def test_an_address_of_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        MailServer.from_url(url, BASE)
