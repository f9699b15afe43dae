"""What stands on the envelope of a letter: exactly one recipient, whatever somebody typed as an address or a name."""

from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from cx.post.transport import MailRefused, Posted, compose

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

# Written down as whoever attacks would type it into the field for the address, or into the name of an organisation.
_ENDINGS = ("\r\n", "\n", "\r", "\u2028", "\x0b", "\x00", "%0d%0a", " ")
_SMUGGLED = ("Bcc: c@d.example", "To: c@d.example", "\r\n\r\nbody", "X: y", "Subject: z", "c@d.example")
PAYLOADS = [
    *(f"a@b.example{ending}{smuggled}" for ending in _ENDINGS for smuggled in _SMUGGLED),
    "a@b.example, c@d.example", "a@b.example;c@d.example", '"x" <a@b.example>, c@d.example', "<a@b.example>",
    '"a b"@b.example', "a@[127.0.0.1]", "a@b@c.example", "a@b.example>\r\nRCPT TO:<c@d.example", f"{'a' * 300}@b.example",
    "a(b)@c.example", "@b.example:a@c.example", "a\u202e@b.example",
]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_an_address_is_refused_or_is_exactly_one_recipient(payload: str) -> None:
    _one_recipient(lambda: compose(_posted(address=payload), "d@example.org"), payload)


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_no_other_words_add_a_header(payload: str) -> None:
    _one_recipient(lambda: compose(_posted(subject=payload), "d@example.org"), "a@b.example")
    _one_recipient(lambda: compose(_posted(), "d@example.org", name=payload), "a@b.example")


def _posted(address: str = "a@b.example", subject: str = "x") -> Posted:
    return Posted(address, subject, "text\n", "en", "0@doleance", NOW)


def _one_recipient(make: Callable[[], object], address: str) -> None:
    try:
        raw = bytes(make())  # type: ignore[call-overload]
    except MailRefused:
        return
    mail = message_from_bytes(raw, policy=default)
    assert [one.addr_spec for one in mail["To"].addresses] == [address]
    for header in ("Bcc", "Cc", "X"):
        assert mail[header] is None
    assert len(mail.get_all("To", [])) == len(mail.get_all("Subject", [])) == 1


def test_fifty_and_more_payloads_were_tried() -> None:
    assert len(PAYLOADS) >= 50
