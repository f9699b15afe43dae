"""Mail that comes in is taken apart: quoted letters and signatures are cut, and nothing in it can hurt."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx.post.replies import Unreadable, digest_of, new_words, read

ADDRESS = "reply@doleance.example.org"


def mail(to: str, text: str = "The counter was shut again.", number: str = "1", **headers: str) -> bytes:
    """A plain mail; underscores in names of headers stand for dashes."""
    given = {
        "From": "madeleine@example.org",
        "To": to,
        "Subject": "Re: your letter",
        "Message-ID": f"<{number}@home.example>",
    }
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()


# ---- what is new in it --------------------------------------------------------------------------------------------

QUOTED = [
    ("Oui.\n\nLe lun. 3 mars 2026 à 10:22, Doléance <d@x.org> a écrit :\n> Bonjour\n> Tout", "Oui."),
    ("Oui.\n\nLe 3 mars 2026 à 10:00,\nDoléance <d@x.org> a écrit\u202f:\n\n> x", "Oui."),
    ("D’accord.\n\nDe : Doléance <d@x>\nEnvoyé : lundi\nÀ : m\nObjet : x\n\nBonjour", "D’accord."),
    ("D’accord.\n\n-----Message d'origine-----\nDe : D\n\nBonjour", "D’accord."),
    ("Yes.\n\nOn Mon, 3 Mar 2026 at 10:22, Doléance <d@x.org> wrote:\n\n> hi", "Yes."),
    ("Yes.\n\nFrom: D <d@x>\nSent: Monday\nTo: m\nSubject: x\n\nHello", "Yes."),
    ("Yes.\n\n________________________________\nFrom: D", "Yes."),
    ("Merci.\n\nEnvoyé de mon iPhone", "Merci."),
    ("Thanks.\n\nSent from my phone", "Thanks."),
    ("Thanks.\n-- \nMadeleine\n0102030405", "Thanks."),
    ("On Mon, 3 Mar 2026 at 10:22, D <d@x.org> wrote:\n> hi\n> there\n\nMy answer is below.", "My answer is below."),
    ("> hi\nYes to this.\n> and that\nNo to that.", "Yes to this.\nNo to that."),
    # What people write themselves stays, although it looks a little like a machine's.
    (
        "- the first point\n- the second\n\nBest regards,\nMadeleine",
        "- the first point\n- the second\n\nBest regards,\nMadeleine",
    ),
    ("On Monday the clerk wrote:\nnothing at all.", "On Monday the clerk wrote:\nnothing at all."),
    ("Le guichet m’a écrit :\nrien du tout.", "Le guichet m’a écrit :\nrien du tout."),
]


@pytest.mark.parametrize(("text", "wanted"), QUOTED)
def test_the_quoted_letter_and_the_signature_are_cut(text: str, wanted: str) -> None:
    assert new_words(text) == wanted


def test_html_without_plain_text_is_read_in_words() -> None:
    raw = (
        "From: a@b\r\nTo: c@d\r\nMessage-ID: <h@x>\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n"
        "<style>p{}</style><p>D&eacute;j&agrave; <b>vu</b></p><script>alert(1)</script><blockquote>old</blockquote>"
    )
    assert read(raw.encode()).text == "Déjà vu"


def test_html_of_every_kind_keeps_the_words_of_its_writer() -> None:
    html = "<!-- a > b --><p>I paid 3 < 5 &euro;</p><br/><img alt='x'><STYLE>p > b {}</STYLE><p>End &amp; x <y"
    raw = f"From: a@b\r\nTo: c@d\r\nMessage-ID: <h@x>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}"
    assert read(raw.encode()).text == "I paid 3 < 5 €\n\nEnd & x <y"


def test_a_forwarded_number_is_not_that_of_the_mail() -> None:
    first, second = (f"From: a@b\r\n\r\n{text}\r\nMessage-ID: <old@x>\r\n".encode() for text in ("one", "two"))
    assert digest_of(first) != digest_of(second)


# ---- mail made to hurt --------------------------------------------------------------------------------------------


def _nested(levels: int) -> bytes:
    head = b"From: a@b\r\nTo: " + ADDRESS.encode() + b"\r\nMessage-ID: <n@x>\r\n"
    body = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) for level in range(levels)
    )
    return head + body


HOSTILE = {
    "deep": _nested(10_000),
    "headers": b"X: y\r\n" * 50_000 + b"\r\nhello",
    "header without end": b"Subject: " + b"a" * 900_000,
    "bad charset": mail(ADDRESS).replace(b"charset=utf-8", b"charset=no-such-thing").replace(b"again", b"ag\xff\xfe"),
    "nul": mail(ADDRESS, "a\x00b").replace(b"Subject: Re", b"Subject: \x00Re"),
    "nothing": b"",
    "only bytes": bytes(range(256)) * 100,
    "no id": mail(ADDRESS).replace(b"Message-ID", b"X-None"),
    "quadratic": mail(ADDRESS, "On a " * 12_000),
    "many headers of quotes": mail(ADDRESS, ("On " + "a " * 140 + "\n") * 200),
    "angles": mail(ADDRESS, ">" * 60_000),
    "html": mail(ADDRESS, "<" * 60_000).replace(b"text/plain", b"text/html"),
    "blocks": mail(ADDRESS, "<blockquote>" * 20_000).replace(b"text/plain", b"text/html"),
    "recipients": mail(", ".join([ADDRESS.replace("@", "+" + "a" * 30 + "@")] * 1500)),
    "winmail": mail(ADDRESS).replace(b"text/plain; charset=utf-8", b"application/ms-tnef; name=winmail.dat"),
    "lone surrogate": mail(ADDRESS, "x").replace(b"x\r\n", b"\xed\xa0\x80\r\n"),
    "surrogates of utf-7": mail(ADDRESS, "Hello +2AA- there").replace(b"charset=utf-8", b"charset=utf-7"),
    "surrogates of Python": mail(ADDRESS, "a \\ud800 b").replace(b"charset=utf-8", b"charset=unicode_escape"),
    "punycode": mail(ADDRESS, "a" * 1000 + "-" + "b" * 200_000).replace(b"charset=utf-8", b"charset=punycode"),
    "comments without end": mail(ADDRESS, "<!--" * 60_000).replace(b"text/plain", b"text/html"),
    "tags without end": mail(ADDRESS, "<a b='" * 40_000).replace(b"text/plain", b"text/html"),
    "endings without end": mail(ADDRESS, "</" * 100_000).replace(b"text/plain", b"text/html"),
    "quoted parameters": mail(ADDRESS).replace(b"charset=utf-8", b'x="' + b";" * 90_000),
    "base64": mail(ADDRESS, "!!!" * 1000).replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_read_or_refused_within_two_seconds(name: str) -> None:
    began = time.monotonic()
    try:
        read(HOSTILE[name])
    except Unreadable:
        pass
    assert time.monotonic() - began < 2


@given(st.binary(max_size=3000))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        read(b"Content-Type: text/plain\r\n" + raw)
    except Unreadable:
        pass
    assert len(digest_of(raw)) == 64
