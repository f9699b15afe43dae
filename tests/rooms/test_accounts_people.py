"""Invitations, teams, roles, and what becomes of the cases of whoever leaves."""

import argon2
import pytest
from sqlalchemy import select

from cx.accounts import passwords
from cx.accounts.signin import now
from cx.core.words import MessageKind, Wish
from cx.disputes import casefile, moves
from cx.disputes.leaving import cases_in_hand
from cx.disputes.ledger import Text
from cx.disputes.sight import As
from models import Account, Invitation, Organisation
from tests.pages import Browser, Page
from tests.world import World

GOOD = "three words and a bird"
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
JOINING = {
    "name": "Luc Marchand", "function": "complaints officer", "email": "luc@example.org", "language": "en",
    "password": GOOD, "password_again": GOOD,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", CHEAP)


def _link(page: Page) -> str:
    shown = next(str(one.text) for one in page.tree.iter("code"))
    return "/" + shown.split("/", 3)[3]


def _invited(world: World, admin: Browser, role: str = "agent", **given: str) -> str:
    organisation = str(world.organisations["poste"])
    data = {"role": role, "organisation": organisation, "name": "", "email": "", **given}
    return _link(admin.post("/accounts/admin/invitations/new", data))


def test_an_invitation_makes_one_account_and_its_first_click_spends_nothing(world: World) -> None:
    link = _invited(world, world.staff("admin"), name="Luc Marchand")
    browser = world.browser()
    for _ in range(3):
        assert "Poste Arvane" in browser.get(link).main
    wrong = browser.post(link, {**JOINING, "name": "Service clients", "password_again": "other"}, 422)
    assert "Service clients" in wrong.text
    assert "First and last name of a person" in wrong.main
    assert GOOD not in wrong.text
    answer = browser.raw("POST", link, data=JOINING)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")
    assert "Luc Marchand" in browser.get("/accounts/profile").text
    other = world.browser()
    assert other.get(link, 400).main == other.get("/accounts/invitation/zzz", 400).main
    other.post(link, {**JOINING, "email": "second@example.org"}, 400)
    with world.database.reading() as session:
        account = session.scalars(select(Account).where(Account.email == "luc@example.org")).one()
        assert [(one.role, one.organisation_id) for one in account.memberships] == [
            ("agent", world.organisations["poste"])
        ]


def test_an_invitation_can_be_shown_again_and_withdrawn(small_world: World) -> None:
    admin = small_world.staff("admin")
    link = _invited(small_world, admin)
    with small_world.database.reading() as session:
        made = session.scalars(select(Invitation)).one()
    assert made.secret_hash not in link
    assert _link(admin.get(f"/accounts/admin/invitations/{made.id}")) == link
    admin.post(f"/accounts/admin/invitations/{made.id}/withdraw", {})
    small_world.browser().get(link, 400)
    admin.get(f"/accounts/admin/invitations/{made.id}", 404)


def test_an_address_has_one_account(small_world: World) -> None:
    admin = small_world.staff("admin")
    link = _invited(small_world, admin)
    taken = small_world.browser().post(link, {**JOINING, "email": "AGENT.poste@example.org"}, 422)
    assert "already has an account" in taken.main
    data = {
        "role": "agent",
        "organisation": str(small_world.organisations["poste"]),
        "email": "agent.poste@example.org",
    }
    assert "already" in admin.post("/accounts/admin/invitations/new", data, 422).main


def test_bad_invitations_are_refused_beside_the_field(small_world: World) -> None:
    admin = small_world.staff("admin")
    for wrong in ({"role": "customer"}, {"role": "agent", "organisation": "99"}, {"role": "agent", "organisation": "x"},
                  {"role": "neutral", "email": "not one"}, {"role": "neutral", "name": "Bot"}, {}):  # fmt: skip
        page = admin.post("/accounts/admin/invitations/new", wrong, 422)
        assert 'aria-invalid="true"' in page.text or "summary-errors" in page.text


def _taken(world: World, who: str, how_many: int) -> list[str]:
    references = []
    for _ in range(how_many):
        filed = world.tell("poste", wish=Wish.MONEY)
        hand = moves.Hand(world.visitor(who), As.STAFF, filed.reference, now())
        said = Text("I am on it.", MessageKind.ACKNOWLEDGEMENT, language="en")
        with world.database.writing() as session:
            moves.take(session, world.app.extensions["workbench"], hand, said)
        references.append(filed.reference)
    return references


def _owners(world: World, references: list[str]) -> set[int | None]:
    with world.database.reading() as session:
        visitor = world.visitor("supervisor@poste")
        return {casefile.open_case(session, visitor, As.STAFF, one, now()).owner_id for one in references}


@pytest.mark.parametrize("who", ["admin", "supervisor@poste"])
def test_whoever_leaves_hands_every_case_over(world: World, who: str) -> None:
    references = _taken(world, "agent@poste", 3)
    leaver, heir = world.people["agent@poste"], world.people["agent2@poste"]
    at_work, chief = world.staff("agent@poste"), world.staff(who)
    room = "/accounts/admin" if who == "admin" else "/accounts/team"
    page = chief.get(f"{room}/people/{leaver}")
    assert "3 people wait for an answer" in page.main
    fields = page.fields(having="to")
    chief.post(f"{room}/people/{leaver}/leave", {**fields, "to": ""}, 422)
    chief.post(f"{room}/people/{leaver}/leave", {**fields, "to": str(world.people["agent@banque"])}, 422)
    assert _owners(world, references) == {leaver}
    chief.post(f"{room}/people/{leaver}/leave", {**fields, "to": str(heir)})
    assert _owners(world, references) == {heir}
    assert at_work.raw("GET", "/accounts/profile").status_code == 302
    with world.database.reading() as session:
        assert cases_in_hand(session, leaver, world.organisations["poste"]) == 0
        assert session.get_one(Organisation, world.organisations["poste"]).duty_account_id == heir
        assert not session.get_one(Account, leaver).active
        visitor = world.visitor("supervisor@poste")
        happened = casefile.open_case(session, visitor, As.STAFF, references[0], now()).happened
        last = happened[-1]
    assert last.kind == "assigned"
    assert last.name == ("Nadia Ferrand" if who == "admin" else "Claire Okafor")


def test_whoever_comes_back_gets_the_old_account_back(small_world: World) -> None:
    admin = small_world.staff("admin")
    number = small_world.people["agent2@poste"]
    fields = admin.get(f"/accounts/admin/people/{number}").fields(having="to")
    admin.post(f"/accounts/admin/people/{number}/leave", fields)
    link = _invited(small_world, admin, email="agent2.poste@example.org")
    small_world.browser().post(link, {**JOINING, "email": "agent2.poste@example.org"})
    with small_world.database.reading() as session:
        back = session.scalars(select(Account).where(Account.email == "agent2.poste@example.org")).one()
    assert back.id == number
    assert back.active


def test_a_suspended_person_is_out_at_once_and_can_come_back(world: World) -> None:
    agent, admin, number = world.staff("agent@poste"), world.staff("admin"), world.people["agent@poste"]
    admin.post(f"/accounts/admin/people/{number}/suspend", {})
    assert agent.raw("GET", "/accounts/profile").status_code == 302
    admin.post(f"/accounts/admin/people/{number}/restore", {})
    assert "Nadia Ferrand" in world.staff("agent@poste").get("/accounts/profile").text
    me = world.people["admin"]
    admin.post(f"/accounts/admin/people/{me}/suspend", {})
    admin.post(f"/accounts/admin/people/{me}/leave", {"organisation": ""}, 422)
    assert admin.get("/accounts/admin").status == 200


def test_another_role_opens_other_doors(small_world: World) -> None:
    admin, agent = small_world.staff("admin"), small_world.staff("agent2@poste")
    assert agent.raw("GET", "/accounts/team").status_code == 403
    number = small_world.people["agent2@poste"]
    admin.post(f"/accounts/admin/people/{number}/role", {"role": "admin"}, 422)
    admin.post(f"/accounts/admin/people/{number}/role", {"role": "supervisor"})
    assert agent.get("/accounts/team").heading == "Team"


def test_an_administrator_gives_a_link_to_a_new_password(small_world: World) -> None:
    number = small_world.people["agent@poste"]
    link = _link(small_world.staff("admin").get(f"/accounts/admin/people/{number}/reset-link"))
    small_world.browser().post(link, {"password": GOOD, "password_again": GOOD})
    data = {"email": "agent.poste@example.org", "password": GOOD}
    assert small_world.browser().raw("POST", "/accounts/login", data=data).status_code == 303


def test_a_team_ends_at_the_wall(small_world: World) -> None:
    chief = small_world.staff("supervisor@poste")
    link = _link(chief.post("/accounts/team/invitations", {"name": "Luc Marchand", "email": "", "role": "admin"}))
    assert "As an agent of Poste Arvane" in small_world.browser().get(link).main
    foreign = _invited(small_world, small_world.staff("admin"), organisation=str(small_world.organisations["banque"]))
    with small_world.database.reading() as session:
        theirs = session.scalars(
            select(Invitation.id).where(Invitation.organisation_id == small_world.organisations["banque"])
        ).one()
    missing = chief.get("/accounts/team/invitations/999", 404).main
    assert chief.get(f"/accounts/team/invitations/{theirs}", 404).main == missing
    chief.post(f"/accounts/team/invitations/{theirs}/withdraw", {}, 404)
    small_world.browser().get(foreign)
    for who in ("agent@banque", "manager@poste", "supervisor@poste", "admin"):
        number = small_world.people[who]
        chief.get(f"/accounts/team/people/{number}", 404)
        chief.post(f"/accounts/team/people/{number}/leave", {"to": ""}, 404)
