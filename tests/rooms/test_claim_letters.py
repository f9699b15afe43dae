"""Letters about organisations that begin to read: to whoever claimed one in vain, to those who told a story about it."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from cx.core.incident import Contact
from cx.core.words import Wish
from cx.post.wording import word
from models import Letter, OrganisationClaim

if TYPE_CHECKING:
    from tests.world import World

CLAIM = {
    "name": "Ruth Abernethy",
    "function": "Head of complaints",
    "email": "ruth@northmere.example",
    "proof": "Call our switchboard and ask for me.",
}


def letters(world: "World", kind: str) -> list[Letter]:
    with world.database.reading() as session:
        return list(session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


def claimed(world: "World", decision: str, reason: str = "") -> None:
    """Somebody claims the airline, and the administrator decides."""
    world.browser("fr").post("/organisations/nobody/claim", CLAIM)
    with world.database.reading() as session:
        number = session.scalars(select(OrganisationClaim.id).order_by(OrganisationClaim.id.desc())).first()
    world.staff("admin").post(f"/admin/claims/{number}/{decision}", {"reason": reason} if reason else {})


def test_whoever_claimed_in_vain_hears_of_it_without_the_reason(world: "World") -> None:
    world.app.config["SMTP_URL"] = "smtp://relay.example"
    claimed(world, "refuse", "Nobody there knows you.")
    (told,) = letters(world, "claim_refused")
    text = word(told.kind, told.language, told.data, "https://doleance.example.org").text
    assert (told.address, told.language, told.case_id) == (CLAIM["email"], "fr", None)
    assert "Northmere Air" in text
    assert "Nobody there knows you." not in text
    path = text.split("https://doleance.example.org", 1)[1].split()[0]
    assert "Nobody there knows you." in world.browser("fr").get(path).main


def test_without_outgoing_mail_the_page_says_it(small_world: "World") -> None:
    claimed(small_world, "refuse", "Nobody there knows you.")
    assert letters(small_world, "claim_refused") == []


def test_those_who_told_a_story_hear_once_that_the_organisation_reads_now(world: "World") -> None:
    mailed = world.tell("nobody", language="fr")
    on_page = world.tell("nobody", text="The kiosk was silent.", contact=Contact(name="Eleanor Marsh", postal="1 Row"))
    nobody = world.tell("nobody", text="The desk was shut.", contact=Contact(name="Somebody"), wish=Wish.TELL)
    claimed(world, "grant")
    told = {one.case_id: one for one in letters(world, "claimed")}
    assert told.keys() == {mailed.case_id, on_page.case_id, nobody.case_id}
    assert {one: letter.status for one, letter in told.items()} == {
        mailed.case_id: "waiting", on_page.case_id: "site", nobody.case_id: "site",
    }  # fmt: skip
    letter = told[mailed.case_id]
    text = word(letter.kind, letter.language, letter.data, "https://doleance.example.org").text
    assert "Northmere Air lit désormais les récits ici." in text
    # The link in the letter opens the page, on which it is for the person to pass the story on.
    secret = str(letter.data["secret"])
    browser = world.browser("fr")
    browser.get(f"/k/{secret}")
    assert "Northmere Air" in browser.get(f"/case/{mailed.reference}").main
    claimed(world, "grant")
    assert len(letters(world, "claimed")) == 3
