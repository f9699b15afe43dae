"""The addresses of letters: tokens that fit one purpose, case and person; where answers go; the page that says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx.post.addresses import REPLY, STOP, Mailing, Signer, case_of, tokens_to
from cx.post.inbox import Inbox

ADDRESS = "reply@doleance.example.org"
SIGNER = Signer("a secret of the tests")
CUSTOMER = "madeleine@example.org"


@given(st.integers(1, 2**62), st.emails(), st.sampled_from([REPLY, STOP]))
def test_a_token_fits_its_own_purpose_case_and_address_only(case_id: int, address: str, purpose: str) -> None:
    token = SIGNER.token(purpose, case_id, address)
    assert case_of(token.upper()) == case_id
    assert SIGNER.fits(token.upper(), purpose, address)
    assert not SIGNER.fits(token, REPLY if purpose == STOP else STOP, address)
    assert not SIGNER.fits(token, purpose, f"x{address}")
    assert not Signer("another installation").fits(token, purpose, address)
    assert not SIGNER.fits(SIGNER.token(purpose, case_id + 1, address).rpartition("-")[0] + token[-25:], purpose, "")


@given(st.text(max_size=80))
def test_what_is_no_token_is_none(text: str) -> None:
    assert not SIGNER.fits(text, REPLY, CUSTOMER)


def test_a_signed_address_fits_the_limits_of_mail_and_is_found_again() -> None:
    address = Mailing("https://x.example", SIGNER, ADDRESS).reply_to(2**62, CUSTOMER)
    assert len(address.partition("@")[0]) <= 64
    assert tokens_to(ADDRESS, f'To: "Doléance" <{address.upper()}>, other@example.org') == [
        address.partition("+")[2].partition("@")[0]
    ]
    assert tokens_to(ADDRESS, f"x{address}, {address}.evil.example") == []


@pytest.mark.parametrize(
    "url",
    [
        "imap://a@mail.example.org/INBOX", "http://a:b@127.0.0.1", "imaps://127.0.0.1", "imaps://a:b@h?address=no",
        "imaps://a:b@h?address=a%2Bb@example.org",
    ],
)  # fmt: skip
def test_an_inbox_that_cannot_be_meant_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(ValueError, match="IMAP_URL"):
        Inbox.from_url(url, "d@example.org")


def test_where_answers_go_is_said_or_follows_from_the_user_or_the_sender() -> None:
    def address(url: str) -> str:
        return Inbox.from_url(url, "doleance@example.org").address

    assert address("imaps://u%40b.example:p@h") == "u@b.example"
    assert address("imaps://u:p@h") == "reply@example.org"
    assert address("imaps://u:p@h?address=Plaintes@example.org") == "plaintes@example.org"


def test_the_page_about_letters_names_every_outcome_and_every_reminder() -> None:
    from cx.accounts.letters_views import OUTCOMES
    from cx.disputes.correspondence import STOPPED
    from cx.post.addresses import REMINDERS
    from cx.post.wording import KINDS
    from tests.house.tree import ROOT

    page = (ROOT / "docs" / "letters.md").read_text(encoding="utf8")
    assert [one for one in (*OUTCOMES, *REMINDERS) if f"`{one}`" not in page] == []
    assert REMINDERS == STOPPED <= KINDS
