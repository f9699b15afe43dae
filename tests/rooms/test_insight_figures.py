"""The page of figures equals what was counted by hand, on both engines, before and after folding."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from cx.core.words import Action, Channel, MessageKind, Theme, Value, Wish
from cx.disputes import figures, moves
from cx.disputes.filing import Filed
from cx.disputes.ledger import Text
from cx.disputes.moves import Hand
from cx.disputes.recount import begin_new, recount
from cx.disputes.sight import As
from tests.world import World

BOM = "\ufeff"


def _answer(world: World, filed: Filed, at: datetime) -> None:
    facts = {"kind": "apology", "points": {"1": "upheld"}, "reasons": "You are right.", "text": "We are sorry."}
    hand = Hand(world.visitor("supervisor@poste"), As.STAFF, filed.reference, at)
    with world.database.writing() as session:
        text = Text("We are sorry.", MessageKind.OFFER, language="en")
        moves.do(session, world.app.extensions["workbench"], hand, Action.OFFER, facts, text)


def _solved(world: World, filed: Filed, said: str, at: datetime) -> None:
    with world.database.writing() as session:
        moves.say_solved(
            session,
            world.app.extensions["workbench"],
            Hand(world.holder(filed), As.CUSTOMER, filed.reference, at),
            said,
        )


def _values(world: World, filed: Filed, values: dict[Value, int], at: datetime) -> None:
    hand = Hand(world.holder(filed), As.CUSTOMER, filed.reference, at)
    with world.database.writing() as session:
        moves.say_values(session, world.app.extensions["workbench"], hand, values)


def _rule(world: World, filed: Filed, themes: set[Theme], at: datetime) -> None:
    hand = Hand(world.visitor("agent@poste"), As.STAFF, filed.reference, at)
    with world.database.writing() as session:
        moves.rule_themes(session, world.app.extensions["workbench"], hand, frozenset(themes), "test")


def _month_ago() -> datetime:
    """Noon in the middle of last month: a day or two more never leaves the month, in no zone."""
    first = datetime.now(UTC).replace(day=1, hour=12, minute=0, second=0, microsecond=0)
    return (first - timedelta(days=1)).replace(day=10)


def _fill(world: World) -> datetime:
    """Eight stories of last month, seven of them disputes, told, answered, ruled on and marked as written below."""
    at = _month_ago()
    told = [
        world.tell(at=at, wish=wish, place=place, channel=Channel.KIOSK)
        for wish, place in [
            *[(Wish.MONEY, "AF-07")] * 4, *[(Wish.ANSWER, "AF-02")] * 2, (Wish.ANSWER, ""), (Wish.TELL, "AF-07"),
        ]
    ]  # fmt: skip
    for number, days in enumerate((1, 1, 2, 3, 9)):
        _answer(world, told[number], at + timedelta(days=days))
    for number, said in enumerate(("yes", "yes", "yes", "partly", "no")):
        _solved(world, told[number], said, at + timedelta(days=9, hours=1))
    # The fifth person changes their mind: the latest word counts, once.
    _solved(world, told[4], "yes", at + timedelta(days=9, hours=2))
    for number in range(5):
        _values(world, told[number], {Value.PRICE: 5}, at + timedelta(days=9, hours=3))
    _values(world, told[0], {Value.CHOICE: 1}, at + timedelta(days=9, hours=4))
    for number in range(6):
        _rule(world, told[number], {Theme.MACHINE_DEAD_END} if number < 2 else set(), at + timedelta(days=1))
    # Ruling "none" twice is one story ruled on; a theme taken back is no theme.
    _rule(world, told[5], set(), at + timedelta(days=2))
    _rule(world, told[1], {Theme.CONTEMPT}, at + timedelta(days=2))
    return at


def _table(text: str) -> dict[tuple[str, str], dict[str, str]]:
    assert text.startswith(BOM)
    return {(row["measure"], row["key"]): row for row in csv.DictReader(io.StringIO(text.removeprefix(BOM)))}


def _figures(world: World) -> dict[tuple[str, str], dict[str, str]]:
    answer = world.staff("manager@poste").raw("GET", "/insight.csv?months=3")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return _table(answer.get_data(as_text=True))


@pytest.mark.parametrize("folded", [False, True])
def test_the_figures_are_those_counted_by_hand(world: World, folded: bool) -> None:
    at = _fill(world)
    if folded:
        with world.database.writing() as session:
            assert figures.fold(session) > 0
            assert figures.fold(session) == 0
    found = _figures(world)
    counted = {key: int(row["count"]) for key, row in found.items() if row["count"] and row["n"] == ""}
    assert counted == {
        ("told", ""): 8, ("sent", ""): 7, ("answered", ""): 5, ("reopened", ""): 0, ("ruled", ""): 6,
        ("person_asked", ""): 0,
        ("open_today", ""): counted[("open_today", "")], ("late_today", ""): counted[("late_today", "")],
        ("resting_today", ""): counted[("resting_today", "")], ("stories_waiting_today", ""): 1,
        ("place", "AF-07"): 5, ("place", "AF-02"): 2,
    }  # fmt: skip
    assert counted[("open_today", "")] + counted[("resting_today", "")] == 7
    solved = {key: (row["count"], row["n"]) for (measure, key), row in found.items() if measure == "solved"}
    assert solved == {"yes": ("4", "5"), "partly": ("1", "5"), "no": ("0", "5")}
    assert (found["solved", "yes"]["value"], found["solved", "yes"]["low"]) == ("80.0", "37.6")
    assert found["solved_by_month", f"{at:%Y-%m}"]["count"] == "4"
    assert found["value", "price"]["value"] == str(round((4 * 50 + 500) / 9, 1))
    assert (found["value", "choice"]["n"], found["value", "choice"]["value"]) == ("1", "")
    assert found["days_median", ""]["value"] == "2"
    assert found["days_percentile_90", ""]["value"] == "9"
    themes = {
        key: (row["count"], row["n"], row["value"]) for (measure, key), row in found.items() if measure == "theme"
    }
    assert themes == {"machine_dead_end": ("1", "6", "16.7"), "contempt": ("1", "6", "16.7")}


def test_the_page_says_it_in_a_sentence_with_n_period_and_interval(world: World) -> None:
    at = _fill(world)
    page = world.staff("manager@poste").get(f"/insight?from={at:%Y-%m}&to={at:%Y-%m}")
    assert page.heading == "What people tell about Poste Arvane"
    assert "4 of 5 answers solved it (38–96\u00a0%). These are few answers" in page.main
    assert "Worst spot: machine AF-07 (5 stories)." in page.main
    assert f"n = 5 · {at:%B %Y}" in page.main
    assert page.main.count("what complainants tell us") == 5
    french = world.staff("manager@poste", "fr").get("/insight?months=3")
    assert "4 réponses sur 5 ont réglé le problème (38–96\u00a0%)" in french.main
    assert "Premier point noir\u202f: la machine AF-07 (5 récits)." in french.main


def test_what_an_older_version_did_not_count_is_counted_when_it_is_brought_forward(world: World) -> None:
    _fill(world)
    with world.database.writing() as session:
        figures.fold(session)
        session.execute(delete(figures.FIGURES).where(figures.FIGURES.c.measure == "days"))
        assert recount(session) != []
        assert begin_new(session) > 0
        assert recount(session) == []
        assert begin_new(session) == 0


def test_the_figures_stand_the_recount_and_a_tampered_one_does_not(world: World) -> None:
    _fill(world)
    with world.database.snapshot() as session:
        assert recount(session) == []
    with world.database.writing() as session:
        figures.fold(session)
        figures.count(session, [(world.organisations["poste"], "told", "", 3, _month_ago().date())])
    with world.database.snapshot() as session:
        (difference,) = recount(session)
    assert (difference.measure, difference.kept, difference.counted) == ("told", 11, 8)


def test_a_long_place_is_counted_and_found(world: World) -> None:
    place = "The counter for special matters and registered letters, second floor, behind the lift, on the left"
    world.tell(place=place, wish=Wish.TELL)
    with world.database.snapshot() as session:
        assert recount(session) == []
    page = world.staff("supervisor@poste").get("/insight")
    (link,) = [href for href in page.links() if "place=" in href]
    assert "1 story." in world.staff("supervisor@poste").get(link).main
