"""When people are there, as the team enters it: staffed hours, absences, working days, registered names; and figures."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from cx.disputes import absences
from models import Absence, Account, HumanRequest, Staffing
from tests.answering import TODAY, taken
from tests.pages import Browser
from tests.world import World

STRETCH = {
    "way": "callback", "weekdays": ["1", "2", "4"], "opens": "09:00", "closes": "12:30", "within": "60", "place": "",
    "phone": "",
}  # fmt: skip


def _rows(world: World) -> list[Staffing]:
    with world.database.reading() as session:
        return list(session.scalars(select(Staffing).order_by(Staffing.id)))


def test_a_supervisor_staffs_a_way_and_takes_it_out_again(world: World) -> None:
    desk = world.staff("supervisor@poste")
    assert "/accounts/hours" in desk.get("/accounts/team").links()
    page = desk.post("/accounts/hours", STRETCH)
    assert "Monday, Tuesday, Thursday, 9:00 to 12:30" in page.main
    (row,) = _rows(world)
    assert (row.way, row.weekdays, row.opens, row.closes, row.within_minutes) == ("callback", "124", 540, 750, 60)
    customer = world.customer(world.tell())
    assert "A call back" in customer.get("/person").main
    desk.post(f"/accounts/hours/{row.id}/remove", {})
    assert _rows(world) == []
    assert "A call back" not in customer.get("/person").main


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"weekdays": []}, "At least one day, please."),
        ({"opens": "17:00", "closes": "09:00"}, "The end comes after the beginning"),
        ({"opens": ""}, "A time such as 9:00, please."),
        ({"closes": "soon"}, "Not a valid time value."),
        ({"way": "counter"}, "Where the counter is, please."),
    ],
)
def test_hours_that_cannot_be_are_said_beside_the_field(
    small_world: World, wrong: dict[str, object], said: str
) -> None:
    page = small_world.staff("supervisor@poste").post("/accounts/hours", {**STRETCH, **wrong}, 422)
    assert said in page.main
    assert _rows(small_world) == []


def test_midnight_as_an_end_is_the_end_of_the_day(small_world: World) -> None:
    small_world.staff("supervisor@poste").post("/accounts/hours", {**STRETCH, "closes": "00:00"})
    assert [one.closes for one in _rows(small_world)] == [1440]


def test_hours_are_entered_by_supervisors_for_their_own_and_by_administrators_for_all(small_world: World) -> None:
    poste = small_world.organisations["poste"]
    admin = small_world.staff("admin")
    assert f"/accounts/admin/organisations/{poste}/hours" in admin.get(f"/accounts/admin/organisations/{poste}").links()
    admin.post(f"/accounts/admin/organisations/{poste}/hours", STRETCH)
    (row,) = _rows(small_world)
    for who, status in (("supervisor@banque", 404), ("agent@poste", 403), ("manager@poste", 403)):
        browser = small_world.staff(who)
        assert browser.raw("POST", f"/accounts/hours/{row.id}/remove").status_code == status, who
        assert browser.raw("GET", f"/accounts/admin/organisations/{poste}/hours").status_code == 403, who
    admin.post(f"/accounts/hours/{row.id}/remove", {})
    assert _rows(small_world) == []


def _away(first: date, last: date, **given: object) -> dict[str, object]:
    return {"first": first.isoformat(), "last": last.isoformat(), **given}


def _absences(world: World) -> list[Absence]:
    with world.database.reading() as session:
        return list(session.scalars(select(Absence).order_by(Absence.id)))


def test_people_enter_their_own_absence_and_the_customer_reads_who_stands_in(world: World) -> None:
    desk, filed = taken(world)
    karim = world.people["agent2@poste"]
    assert "/accounts/absences" in desk.get("/accounts/profile").links()
    page = desk.post("/accounts/absences", _away(TODAY, TODAY + timedelta(days=6), substitute=karim))
    assert "Nadia Ferrand is away from" in page.main
    assert absences.tell_absences(world.database, world.app.extensions["workbench"], datetime.now(UTC)) == 1
    customer = world.customer(filed).get(f"/case/{filed.reference}")
    assert "Karim Lemoine reads you meanwhile." in customer.text
    other = world.staff("agent2@poste")
    assert "you read these cases meanwhile" in other.get("/desk").main
    assert "Nadia Ferrand is away" in other.get("/accounts/absences").main
    (one,) = _absences(world)
    assert other.raw("POST", f"/accounts/absences/{one.id}/end").status_code == 404
    assert "Nobody is away." in desk.post(f"/accounts/absences/{one.id}/end", {}).main
    assert "Nadia Ferrand is away" not in world.customer(filed).get(f"/case/{filed.reference}").text


@pytest.mark.parametrize(
    ("days", "by", "said"),
    [
        ((3, 1), "agent2@poste", "The last day comes after the first."),
        ((-5, -4), "agent2@poste", "These days are over already."),
        ((0, 600), "agent2@poste", "This is longer than a year."),
        ((0, 1), "", "Choose a colleague."),
        ((0, 1), "agent@banque", "Not a valid choice"),
    ],
)
def test_an_absence_that_cannot_be_is_said_beside_the_field(
    small_world: World, days: tuple[int, int], by: str, said: str
) -> None:
    first, last = (TODAY + timedelta(days=one) for one in days)
    data = _away(first, last, substitute=small_world.people[by] if by else "")
    page = small_world.staff("agent@poste").post("/accounts/absences", data, 422)
    assert said in page.main
    assert first.isoformat() in page.text
    assert _absences(small_world) == []


def test_a_supervisor_enters_the_absence_of_anybody_in_the_team_an_agent_their_own(small_world: World) -> None:
    people = small_world.people
    days = _away(TODAY, TODAY, who=people["agent@poste"], substitute=people["supervisor@poste"])
    small_world.staff("agent2@poste").post("/accounts/absences", days)
    small_world.staff("supervisor@poste").post("/accounts/absences", days)
    assert [one.account_id for one in _absences(small_world)] == [people["agent2@poste"], people["agent@poste"]]
    twice = small_world.staff("supervisor@poste").post("/accounts/absences", days, 422)
    assert "An absence is entered for these days already." in twice.main


def test_working_days_are_read_by_customers(small_world: World) -> None:
    desk, filed = taken(small_world)
    assert "At least one day, please." in desk.post("/accounts/absences/days", {}, 422).main
    desk.post("/accounts/absences/days", {"working_days": ["1", "2", "4"]})
    page = small_world.customer(filed).get(f"/case/{filed.reference}")
    assert "Works Monday, Tuesday, Thursday." in page.text


def _rename(browser: Browser, number: int, status: int = 200, **fields: str) -> str:
    return browser.post(
        f"/accounts/people/{number}/name", {"name": "Nina Fabre", "pseudonymous": "y", **fields}, status
    ).text


def test_a_registered_name_is_given_by_a_supervisor_and_stays(world: World) -> None:
    desk, filed = taken(world)
    nadia = world.people["agent@poste"]
    supervisor = world.staff("supervisor@poste")
    assert "First and last name" in _rename(supervisor, nadia, 422, name="Service Clients")
    _rename(supervisor, nadia)
    customer = world.customer(filed).get(f"/case/{filed.reference}").text
    assert "Nina Fabre" in customer
    assert "A registered name, always the same person." in customer
    # Nobody changes a registered name from one letter to the next.
    form = {**desk.get("/accounts/profile").fields(having="function"), "name": "Somebody Else"}
    desk.post("/accounts/profile", form)
    with world.database.reading() as session:
        assert session.get_one(Account, nadia).name == "Nina Fabre"
    for who, status in (("agent2@poste", 403), ("supervisor@banque", 404), ("manager@poste", 403)):
        assert (
            world.staff(who).raw("POST", f"/accounts/people/{nadia}/name", data={"name": "A B"}).status_code == status
        )


def _request(world: World, case_id: int, minutes: int | None, due: int = 120) -> None:
    """A request of yesterday, answered after so many minutes or not at all."""
    asked = datetime.now(UTC) - timedelta(days=1)
    met = asked + timedelta(minutes=minutes) if minutes is not None else None
    with world.database.writing() as session:
        session.add(
            HumanRequest(
                case_id=case_id, organisation_id=world.organisations["poste"], way="written", words="", slot_at=None,
                asked_at=asked, due_at=asked + timedelta(minutes=due), status="met" if met else "waiting", met_at=met,
                met_by=world.people["agent@poste"] if met else None,
            )
        )  # fmt: skip


def test_the_figures_say_how_many_clocks_were_kept_and_how_many_people_wrote(world: World) -> None:
    told = [taken(world, text=f"Story number {number}.")[1] for number in range(6)]
    for filed, minutes in zip(told, (30, 60, 90, 110, 300, None), strict=True):
        _request(world, filed.case_id, minutes)
    # A period that holds yesterday and today whatever the day is, also on 1 January.
    since = (TODAY - timedelta(days=2)).strftime("%Y-%m")
    page = world.staff("manager@poste").get(f"/insight?from={since}&to={TODAY:%Y-%m}").main
    assert "4 of 6 who asked for a person were answered in time" in page
    assert "Half of them within" in page
    assert "Refused: none" in page
    assert "100\u00a0% of the cases had at most two people writing to the customer" in page
    table = (
        world.staff("manager@poste").raw("GET", f"/insight.csv?from={since}&to={TODAY:%Y-%m}").get_data(as_text=True)
    )
    assert ",person_in_time,,,4,6," in table
    assert ",cases_with_at_most_two,,,6,6," in table


def test_fewer_than_five_make_no_rate_and_nobody_is_said_as_nobody(small_world: World) -> None:
    manager = small_world.staff("manager@poste")
    small_world.tell()
    assert "Nobody asked for a person in this period." in manager.get("/insight").main
    _request(small_world, small_world.tell(text="Another one.").case_id, 30)
    since = (TODAY - timedelta(days=2)).strftime("%Y-%m")
    page = manager.get(f"/insight?from={since}&to={TODAY:%Y-%m}").main
    assert "1 person asked for somebody: too few for a rate." in page
