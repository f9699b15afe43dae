"""Every limit of the law can be started by a person, through pages: no row waits for a fact that nobody asks."""

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from cx.core.limits import AT_BODY, FACT_DAYS, SENDING, Purpose, Regime, Trigger
from cx.core.regimes import GROUPS, country_of, facts_asked, load, next_body
from cx.core.words import Sector, State
from cx.disputes.clocking import TOLD_DAYS
from cx.disputes.storing import table
from cx.intake.about_form import SECTOR_ISSUES
from cx.web.told_facts import DAYS, TICKS
from models import Case, ClockRun
from tests.answering import OFFER
from tests.rooms.test_paths_neutral import do

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.pages import Browser
    from tests.world import World

SHIPPED = [row for row in load().values() if row.lawful]
# What follows from the kind of matter, by sector; the form asks for that.
FOLLOWS = {
    "payment_service": (Sector.BANK, "card_or_fraud"),
    "flight_disrupted": (Sector.AIRLINE, "cancellation"),
    "disability": (Sector.AIRLINE, "accessibility"),
    "postal_loss": (Sector.POSTAL, "loss"),
}
# The day of the event is asked of everybody; what comes later is an act with a form of its own.
LATER = {
    Trigger.FINAL_RESPONSE: ("intake.case_their_answer",),
    Trigger.DENIAL: ("intake.case_their_answer",),
    Trigger.REDRESS_DUE: ("intake.case_accept",),
    Trigger.ESCALATED: ("intake.case_escalate",),
    Trigger.BODY_ASKED: ("intake.case_escalate",),
    Trigger.NOTIFICATION: ("intake.case_body_news", "elsewhere.room_begin"),
    Trigger.BODY_ANSWERED: ("intake.case_body_news",),
    Trigger.OUTCOME: ("intake.case_opinion", "elsewhere.room_opinion"),
}


_TELLING = itertools.count(2)


def places(row: Regime) -> list[str]:
    """The countries in which a row stands."""
    return sorted(set(GROUPS.get(row.jurisdiction, {country_of(row.jurisdiction)})) - set(row.except_in))


def test_every_limit_has_a_page_that_starts_it(small_world: "World") -> None:
    doors = {rule.endpoint for rule in small_world.app.url_map.iter_rules()}
    for row in SHIPPED:
        for sector, country in itertools.product(row.sector, places(row)):
            _is_asked(row, sector, country)
        if row.trigger in LATER:
            assert set(LATER[row.trigger]) <= doors, row.id


def _is_asked(row: Regime, sector: Sector, country: str) -> None:
    on = max(datetime.now(UTC).date(), row.valid_from or date.min)
    facts, days = facts_asked(sector, country, on)
    for name, wanted in row.applies_when.items():
        if name in FOLLOWS:
            in_sector, issue = FOLLOWS[name]
            assert not wanted or (sector is in_sector and issue in SECTOR_ISSUES[sector]), (row.id, name)
        else:
            assert name in facts and name in TICKS, f"{row.id}: nobody asks {name!r} of {sector} in {country}"
    if row.trigger in TOLD_DAYS:
        assert row.trigger in days and TOLD_DAYS[row.trigger] in DAYS, row.id
    else:
        assert row.trigger in {*SENDING, *FACT_DAYS, *LATER}, row.id


def test_what_does_not_count_in_a_place_is_not_asked_there(small_world: "World") -> None:
    page = _about(small_world.browser(), Sector.BANK, "FR")
    names = set(page)
    assert {"unauthorised_payment", "data_request", "automated_decision"} <= names
    assert not {"transfer_error", "billing_error", "statement_on", "refund_chosen", "insured", "wrong_charge"} & names
    assert not set(_about(small_world.browser(), Sector.BANK, "DE")) & (set(TICKS) | set(DAYS))


def _about(browser: "Browser", sector: Sector, country: str) -> list[str]:
    """Tell a story about a company that nobody knows, up to page 3; the names of its fields."""
    # Each telling is another story: the same one told twice would be asked about.
    story = f"It happened {next(_TELLING)} times over. {sector} {country}"
    browser.post("/tell", {"story": story, "whom": f"Unknown {sector} of {country}"})
    browser.post("/tell/company", {"organisation": "none", "sector": sector.value, "country": country})
    page = browser.post("/tell/2", {"wish": "money"})
    assert page.heading == "If you like"
    return [str(one.get("name")) for one in page.tree.iter() if one.tag in {"input", "select"} and one.get("name")]


class Told:
    """A story about an unknown company, told and sent through the pages."""

    def __init__(self, world: "World", sector: Sector, country: str, facts: dict[str, str], issue: str = "") -> None:
        self.world, self.browser = world, world.browser()
        asked = _about(self.browser, sector, country)
        yesterday = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
        form = {name: value for name, value in facts.items() if name in asked}
        form |= {name: yesterday for name in DAYS if name in asked}
        self.browser.post("/tell/3", {"occurred_on": yesterday, "occurred_how": "exact", "issue": issue, **form})
        page = self.browser.get("/tell/4")
        page = self.browser.post("/tell/4", {**page.fields(having="email"), "name": f"Ada {sector} {country} {issue}"})
        self.reference = page.response.request.path.rsplit("/", 1)[1]
        self.form("send", sent_on=yesterday)

    def form(self, what: str, **fields: str) -> None:
        do(self.browser, self, what, **fields)  # type: ignore[arg-type]

    def runs(self) -> dict[str, ClockRun]:
        with self.world.database.reading() as session:
            case = table(Case)
            number = session.scalar(select(case.c.id).where(case.c.reference == self.reference))
            found = session.scalars(select(ClockRun).where(ClockRun.case_id == number))
            return {one.regime_id: one for one in found}

    @property
    def state(self) -> State:
        with self.world.database.reading() as session:
            case = table(Case)
            return State(session.scalar(select(case.c.state).where(case.c.reference == self.reference)))


def _tellings(sector: Sector) -> Iterator[tuple[dict[str, str], str]]:
    """Ways to tell, so that the conditions of each limit of the sector are met once."""
    met = {
        frozenset(name for name, wanted in row.applies_when.items() if wanted)
        for row in SHIPPED
        if sector in row.sector
    }
    for names in sorted(met, key=sorted):
        issue = next((FOLLOWS[name][1] for name in names if name in FOLLOWS), "")
        yield dict.fromkeys(names - set(FOLLOWS), "y"), issue


def _limits(sector: Sector, country: str) -> set[str]:
    """The limits that a telling must be able to start there today."""
    today = datetime.now(UTC).date()
    return {
        row.id
        for row in SHIPPED
        if sector in row.sector
        and country in places(row)
        and row.trigger in {*SENDING, *FACT_DAYS}
        and row.valid(today)
    }


PLACES = [pair for pair in itertools.product(Sector, ("FR", "GB", "US")) if _limits(*pair)]


@pytest.mark.parametrize(("sector", "country"), PLACES, ids=str)
def test_what_is_told_on_the_pages_starts_the_limits(small_world: "World", sector: Sector, country: str) -> None:
    wanted = _limits(sector, country)
    started: set[str] = set()
    for facts, issue in _tellings(sector):
        started |= set(Told(small_world, sector, country, facts, issue).runs())
    assert wanted <= started, f"never started: {sorted(wanted - started)}"


@pytest.mark.parametrize(
    ("sector", "country"), [(Sector.BANK, "FR"), (Sector.AIRLINE, "FR"), (Sector.POSTAL, "FR"), (Sector.OTHER, "FR"),
                            (Sector.AIRLINE, "GB"), (Sector.POSTAL, "GB"), (Sector.BANK, "GB"), (Sector.BANK, "US"),
                            (Sector.POSTAL, "US")], ids=str,
)  # fmt: skip
def test_what_is_heard_later_starts_the_limits_before_the_next_body(
    small_world: "World", sector: Sector, country: str
) -> None:
    today = datetime.now(UTC).date()
    later = {
        row.id: row
        for row in SHIPPED
        if sector in row.sector
        and country in places(row)
        and row.trigger in AT_BODY | {Trigger.FINAL_RESPONSE, Trigger.DENIAL}
    }
    started: set[str] = set()
    bodies = next_body(sector, country, {}) or ("court",)
    for body in bodies:
        told = Told(small_world, sector, country, {})
        told.form("their-answer", answered_on=(today - timedelta(days=1)).isoformat(), says="refused")
        told.form("escalate", next_body=str(body))
        assert told.state is State.IN_MEDIATION
        for news in ("complete", "answered"):
            told.form("body-news", news=news, heard_on=today.isoformat(), news_words=f"They say: {news}.")
        runs = told.runs()
        for name, run in runs.items():
            if load()[name].trigger is Trigger.BODY_ASKED:
                assert run.done_on == today, f"{name} is answered, and still runs"
        told.form("opinion", opinion="They should pay.", opinion_amount="20", opinion_pay_by=today.isoformat())
        assert told.state is State.MEDIATION_PROPOSED
        started |= set(told.runs())
        assert not any(load()[name].purpose is Purpose.REDRESS for name in set(told.runs()) & set(later))
        told.form("opinion-yes")
        told.form("their-opinion", their_opinion="accepted")
        assert told.state is State.ACCEPTED
        started |= set(told.runs())
    assert set(later) <= started, f"never started: {sorted(set(later) - started)}"


def test_news_of_another_body_needs_one_and_a_day_that_was(small_world: "World") -> None:
    told = Told(small_world, Sector.BANK, "FR", {})
    today = datetime.now(UTC).date()
    page = do(told.browser, told, "body-news", 409, news="answered", heard_on=today.isoformat())  # type: ignore[arg-type]
    assert "nothing was done" in page.main
    told.form("their-answer", answered_on=today.isoformat(), says="refused")
    told.form("escalate", next_body="fr_bank_mediator")
    long_ago = (today - timedelta(days=400)).isoformat()
    for wrong in ({"heard_on": ""}, {"heard_on": long_ago}, {"news": ""}):
        fields = {"news": "answered", "heard_on": today.isoformat(), "news_words": "They wrote.", **wrong}
        page = do(told.browser, told, "body-news", 422, **fields)  # type: ignore[arg-type]
        assert "They wrote." in page.text


def test_a_fact_that_is_added_later_starts_its_limit_and_moves_none(world: "World") -> None:
    filed = world.tell("banque", at=datetime.now(UTC) - timedelta(days=30))
    customer = world.customer(filed)
    page = customer.get(f"/case/{filed.reference}")
    assert "unauthorised_payment" in page.text
    before = _runs(world, filed)
    assert "FR-BK-D1" not in before
    page = do(customer, filed, "facts", unauthorised_payment="y")
    assert "I did not make this payment" in page.main
    assert page.tree.find(".//input[@name='unauthorised_payment']") is None
    after = _runs(world, filed)
    for name, run in before.items():
        assert (after[name].due_on, after[name].started_on) == (run.due_on, run.started_on)
    refund = after["FR-BK-D1"]
    assert (datetime.now(UTC).date() - refund.started_on).days <= 1, "the bank knows it since today"
    assert refund.purpose == Purpose.REDRESS
    assert "1 working day (Monday to Friday) from the day after it was added." in page.main
    # Saying it twice, or what is not asked here, changes nothing.
    do(customer, filed, "facts", unauthorised_payment="y", insured="y")
    assert set(_runs(world, filed)) == set(after)
    desk = world.staff("agent@banque").get(f"/desk/{filed.reference}")
    assert "I did not make this payment" in desk.main


def test_a_wrong_day_is_said_beside_its_field_and_kept(small_world: "World") -> None:
    filed = small_world.tell("poste")
    page = do(small_world.customer(filed), filed, "facts", 422, posted_on="2999-01-01")
    assert "This day has not come yet." in page.main
    assert page.tree.find(".//input[@name='posted_on']").get("value") == "2999-01-01"  # type: ignore[union-attr]


def _runs(world: "World", filed: "Filed") -> dict[str, ClockRun]:
    with world.database.reading() as session:
        return {
            one.regime_id: one for one in session.scalars(select(ClockRun).where(ClockRun.case_id == filed.case_id))
        }


@pytest.mark.parametrize(("card", "limit"), [(True, "US-AIR-RF7"), (False, "US-AIR-RF20")])
def test_an_accepted_refund_starts_the_american_limit_of_its_payment(world: "World", card: bool, limit: str) -> None:
    from models import Organisation
    from tests.answering import send

    with world.database.writing() as session:
        poste = session.get_one(Organisation, world.organisations["poste"])
        poste.sector, poste.country, poste.jurisdiction, poste.calendar = "airline", "US", "US", "US-FED"
    filed = world.tell("poste", facts={"paid_by_card": True} if card else {})
    desk = world.staff("agent@poste")
    send(desk, filed, "take")
    send(desk, filed, "offer", **OFFER)
    page = world.customer(filed).get(f"/case/{filed.reference}")
    form = next(one for one in page.forms() if str(one.get("action")).endswith("/accept"))
    world.customer(filed).post(f"/case/{filed.reference}/accept", page.fields(page.forms().index(form)))
    assert {"US-AIR-RF7", "US-AIR-RF20"} & set(_runs(world, filed)) == {limit}
