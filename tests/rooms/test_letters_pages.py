"""Pages about letters: stopping reminders, what the team and the administrator see of letters that did not arrive."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from cx.post.addresses import REPLY, STOP, Signer
from models import Contact, InboundMail, Letter

if TYPE_CHECKING:
    from tests.world import World

ADDRESS = "madeleine@example.org"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def _signer(world: "World") -> Signer:
    return Signer(world.app.config["SECRET_KEY"])


def _off(world: "World", case_id: int) -> bool:
    with world.database.reading() as session:
        return session.get_one(Contact, case_id).reminders_off_at is not None


def _fail(world: "World", case_id: int) -> int:
    with world.database.writing() as session:
        letter = session.scalars(select(Letter).where(Letter.case_id == case_id, Letter.account_id.is_(None))).one()
        letter.status, letter.error = "failed", "550 no such person"
        return letter.id


# ---- no more reminders --------------------------------------------------------------------------------------------


def test_reminders_stop_by_a_button_and_come_again_by_another(small_world: "World") -> None:
    filed = small_world.tell()
    path = f"/letters/stop/{_signer(small_world).token(STOP, filed.case_id, ADDRESS)}"
    browser = small_world.browser()
    page = browser.get(path)
    assert page.heading == "Reminders by mail"
    assert not _off(small_world, filed.case_id)
    assert ADDRESS not in page.text
    assert filed.reference not in page.text
    page = browser.post(path, page.fields(having="wanted"))
    assert _off(small_world, filed.case_id)
    assert "You get no reminders" in page.main
    browser.post(path, page.fields(having="wanted"))
    assert not _off(small_world, filed.case_id)


def test_a_mail_program_stops_them_with_one_request(world: "World") -> None:
    filed = world.tell()
    path = f"/letters/stop/{_signer(world).token(STOP, filed.case_id, ADDRESS)}"
    answer = world.browser().raw("POST", path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert _off(world, filed.case_id)


def test_a_token_of_somebody_else_is_not_found(small_world: "World") -> None:
    filed, other = small_world.tell(), small_world.tell("banque", text="Another story altogether.")
    signer = _signer(small_world)
    wrong = [
        signer.token(REPLY, filed.case_id, ADDRESS),
        signer.token(STOP, filed.case_id, "somebody@example.org"),
        signer.token(STOP, filed.case_id + 99, ADDRESS),
        Signer("another installation").token(STOP, filed.case_id, ADDRESS),
        "x",
        f"{signer.token(STOP, filed.case_id, ADDRESS)}a",
    ]
    for token in wrong:
        for method in ("GET", "POST"):
            assert small_world.browser().raw(method, f"/letters/stop/{token}").status_code == 404
    assert not _off(small_world, filed.case_id)
    assert not _off(small_world, other.case_id)


# ---- letters that did not arrive ----------------------------------------------------------------------------------


def test_the_team_sees_a_letter_that_did_not_arrive_and_sends_it_again(world: "World") -> None:
    filed = world.tell()
    agent = world.staff("agent@poste")
    assert "could not be delivered" not in agent.get("/desk").text
    number = _fail(world, filed.case_id)
    assert "A letter to one person could not be delivered." in agent.get("/desk").main
    assert "Madeleine Garnier" in agent.get("/desk/undelivered").main
    page = agent.get(f"/desk/{filed.reference}")
    assert "A letter could not be delivered" in page.main
    assert "550 no such person" in page.main
    page = agent.post(f"/desk/{filed.reference}/undelivered/{number}", page.fields(having="how"))
    assert "will be tried again" in page.text
    with world.database.reading() as session:
        letter = session.get_one(Letter, number)
    assert (letter.status, letter.attempts, letter.error) == ("waiting", 0, "")


def test_a_person_with_a_postal_address_can_be_written_to_by_post(small_world: "World") -> None:
    filed = small_world.tell()
    number = _fail(small_world, filed.case_id)
    agent = small_world.staff("agent@poste")
    assert "Print it instead" not in agent.get(f"/desk/{filed.reference}").main
    with small_world.database.writing() as session:
        session.execute(update(Contact).values(postal="3, rue du Port\n29200 Arvane"))
    assert "Print it instead" in agent.get(f"/desk/{filed.reference}").main
    agent.post(f"/desk/{filed.reference}/undelivered/{number}", {"how": "print"})
    with small_world.database.reading() as session:
        assert session.get_one(Letter, number).status == "kept"


def test_nobody_else_sees_it_or_sends_it(small_world: "World") -> None:
    filed = small_world.tell()
    number = _fail(small_world, filed.case_id)
    other = small_world.staff("agent@banque")
    assert "could not be delivered" not in other.get("/desk").text
    assert "Madeleine" not in other.get("/desk/undelivered").text
    own = small_world.tell("banque", text="A story of the bank.")
    for reference in (filed.reference, own.reference, "DL-0000-0000"):
        assert other.raw("POST", f"/desk/{reference}/undelivered/{number}").status_code == 404
    with small_world.database.reading() as session:
        assert session.get_one(Letter, number).status == "failed"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_administrator_sees_numbers_and_no_case(small_world: "World", language: str) -> None:
    filed = small_world.tell()
    number = _fail(small_world, filed.case_id)
    with small_world.database.writing() as session:
        for count, outcome in enumerate(["unsigned", "unsigned", "auto"]):
            session.add(InboundMail(message_hash=f"{count:064d}", at=datetime.now(UTC), outcome=outcome))
    small_world.app.config["IMAP_URL"] = "imaps://u:p@h"
    admin = small_world.staff("admin", language)
    page = admin.get("/accounts/admin/letters")
    assert page.heading == {"en": "Letters", "fr": "Lettres"}[language]
    assert "550 no such person" in page.main
    for hidden in (filed.reference, ADDRESS, "Madeleine"):
        assert hidden not in page.text
    assert {"en": "without a signed address", "fr": "sans adresse signée"}[language] in page.main
    page = admin.post(f"/accounts/admin/letters/{number}/again", {})
    assert admin.raw("POST", f"/accounts/admin/letters/{number}/again").status_code == 404


def test_the_letters_of_others_do_not_push_out_ones_own(world: "World", monkeypatch: pytest.MonkeyPatch) -> None:
    """The head of a desk counts so many at most: those of another organisation are not among them."""
    monkeypatch.setattr("cx.disputes.around.MOST_RETURNED", 1)
    for number in range(2):
        _fail(world, world.tell("banque", text=f"Story {number} of the bank.").case_id)
    assert "could not be delivered" not in world.staff("agent@poste").get("/desk").main
    _fail(world, world.tell().case_id)
    for who in ("agent@poste", "agent@banque"):
        assert "could not be delivered" in world.staff(who).get("/desk").main


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_administrator_sees_where_mail_goes_without_a_password_and_sends_a_test_letter(
    small_world: "World", language: str
) -> None:
    small_world.app.config["SMTP_URL"] = "smtp://me:secret-word@relay.example:587?from=hello@example.org"
    small_world.app.config["IMAP_URL"] = "imaps://me:secret-word@mail.example/INBOX?address=reply@example.org"
    admin = small_world.staff("admin", language)
    page = admin.get("/accounts/admin/letters")
    for said in ("relay.example:587", "hello@example.org", "reply@example.org", "mail.example:993"):
        assert said in page.main
    assert "secret-word" not in page.text
    page = admin.post("/accounts/admin/letters/test", {})
    assert "admin@example.org" in page.text
    with small_world.database.reading() as session:
        letter = session.scalars(select(Letter).where(Letter.kind == "test")).one()
    assert (letter.address, letter.status, letter.case_id) == ("admin@example.org", "waiting", None)
    small_world.app.config["SMTP_URL"] = "not an address"
    wrong = {"en": "SMTP_URL cannot be read", "fr": "SMTP_URL n’est pas lisible"}[language]
    assert wrong in admin.get("/accounts/admin/letters").main
    small_world.staff("agent@poste").raw("POST", "/accounts/admin/letters/test")
    with small_world.database.reading() as session:
        assert len(session.scalars(select(Letter).where(Letter.kind == "test")).all()) == 1
