"""The desk's list: tabs, search, paging and marks, as each person of staff sees them."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cx.core.incident import Contact
from cx.core.words import Action, MessageKind, Wish
from cx.disputes import moves, queue
from cx.disputes.ledger import Text
from cx.disputes.moves import Hand
from cx.disputes.sight import As
from cx.disputes.tallies import counts
from tests.world import World

NOW = datetime.now(UTC)
HOSTILE = [
    '"', "AND", "OR NOT", "NEAR(", "*", "^", "-x", "a:b", "{a}", "(" * 200, "o'brien", "a*", "%ED%A0%80", "\x00", " ",
    "x" * 5_000, "(a+)+$", "DL-0000-0000", "0o1", "<b>",
]  # fmt: skip


def acknowledge(world: World, reference: str, who: str = "agent@poste") -> None:
    with world.database.writing() as session:
        hand = Hand(world.visitor(who), As.STAFF, reference, datetime.now(UTC))
        moves.take(session, world.app.extensions["workbench"], hand, Text("I read you.", MessageKind.ACKNOWLEDGEMENT))


def do(world: World, reference: str, action: Action, facts: dict[str, object], who: str = "agent@poste") -> None:
    with world.database.writing() as session:
        hand = Hand(world.visitor(who), As.STAFF, reference, datetime.now(UTC))
        text = Text("A word.", MessageKind.REPLY)
        moves.do(session, world.app.extensions["workbench"], hand, action, facts, text)


REFUSAL = {"kind": "explanation", "points": {"1": "refused"}, "reasons": "Too late.", "text": "No."}


def test_each_tab_shows_the_cases_of_its_state(world: World) -> None:
    waiting, mine, asked, answered, praise = (
        world.tell(text=f"Story {name} of a parcel.", contact=Contact(name=name), wish=wish)
        for name, wish in (
            ("Waiting Anne", Wish.ANSWER),
            ("Mine Bertil", Wish.ANSWER),
            ("Asked Carla", Wish.ANSWER),
            ("Contested Denis", Wish.MONEY),
            ("Praise Elsa", Wish.TELL),
        )
    )
    for one in (mine, asked, answered):
        acknowledge(world, one.reference)
    do(world, asked.reference, Action.ASK, {"question": "When?", "text": "When?"})
    do(world, answered.reference, Action.OFFER, REFUSAL)
    with world.database.writing() as session:
        hand = Hand(world.holder(answered), As.CUSTOMER, answered.reference, datetime.now(UTC))
        moves.do(session, world.app.extensions["workbench"], hand, Action.CONTEST)
    desk = world.staff("agent@poste")
    expected = {
        "take": {"Waiting Anne", "Praise Elsa"},
        "mine": {"Mine Bertil"},
        "customer": {"Asked Carla"},
        "second": {"Contested Denis"},
        "resting": set(),
        "all": {"Waiting Anne", "Praise Elsa", "Mine Bertil", "Asked Carla", "Contested Denis"},
    }
    names = expected["all"]
    for tab, wanted in expected.items():
        page = desk.get(f"/desk?tab={tab}")
        assert {name for name in names if name in page.text} == wanted, tab
        assert page.heading == "4 people await a word from you"
    assert f"/desk/{waiting.reference}#take" in desk.get("/desk?tab=take").links()
    assert praise.reference in desk.get(f"/desk?q={praise.reference.lower()}").text


def test_an_empty_desk_says_so_and_what_to_do_next(small_world: World) -> None:
    desk = small_world.staff("agent@poste")
    assert desk.get("/desk").heading == "Nobody awaits a word from you"
    small_world.tell()
    page = desk.get("/desk?tab=mine")
    assert "None of them is yours yet" in page.main and "Nobody is waiting" not in page.main
    assert "/desk?tab=take" in page.links()


def test_a_search_finds_words_of_both_languages_without_accents(world: World) -> None:
    french = world.tell(text="La borne a mangé mon colis, ma petite-fille pleurait.", language="fr",
                        detected_language="fr")  # fmt: skip
    english = world.tell(text="The machines swallowed my cards twice.")
    desk = world.staff("agent2@poste")
    for words, found in (("mange", french), ("BORNES", french), ("machine card", english), ("swallow", english)):
        page = desk.get(f"/desk?q={quote(words)}")
        assert found.reference in page.text, words
        assert (english if found is french else french).reference not in page.text
    assert "Nothing found" in desk.get("/desk?q=zebra").main
    assert french.reference not in world.staff("agent@banque").get("/desk?q=borne").text


def test_a_search_finds_the_name_of_the_person_and_participles_of_either_gender(world: World) -> None:
    filed = world.tell(text="L’employée m’a humiliée.", language="fr", detected_language="fr",
                       contact=Contact(name="Zoé Garnier-Müller"))  # fmt: skip
    other = world.tell(text="Another story.", contact=Contact(name="Paul Martin"))
    desk = world.staff("agent@poste")
    for words in ("zoe garnier", "MÜLLER", "humilié", "employés humiliés"):
        page = desk.get(f"/desk?q={quote(words)}")
        assert filed.reference in page.text, words
        assert other.reference not in page.text, words


def test_a_reference_is_found_however_it_was_copied(small_world: World) -> None:
    filed = small_world.tell()
    desk, plain = small_world.staff("agent@poste"), filed.reference.replace("-", "")
    typed = (filed.reference.lower(), plain, f" Ref. {filed.reference}, please", f"DL {plain[2:6]} {plain[6:]}")
    for words in typed:
        page = desk.get(f"/desk?q={quote(words)}")
        assert f"/desk/{filed.reference}" in page.links(), words
    assert "Nothing found" in small_world.staff("agent@banque").get(f"/desk?q={plain}").main


@pytest.mark.parametrize("words", HOSTILE)
def test_no_search_breaks_the_desk(small_world: World, words: str) -> None:
    small_world.tell()
    desk = small_world.staff("agent@poste")
    assert desk.raw("GET", "/desk", query_string={"q": words}).status_code == 200
    assert desk.raw("GET", f"/desk?q={quote(words)}&before=９&owner=-1&state=x&theme=y&tab=z").status_code == 200


@pytest.mark.parametrize("before", ["-1", "0", "1e9", "99999999999999999999", "null", "１２", "1_000", ""])
def test_a_mistyped_page_is_the_first_page(small_world: World, before: str) -> None:
    filed = small_world.tell()
    page = small_world.staff("agent@poste").get(f"/desk?tab=take&before={quote(before)}")
    assert filed.reference in page.text


def test_a_search_that_finds_too_much_says_that_it_was_cut(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "SEARCH_CAP", 3)
    for number in range(4):
        small_world.tell(text=f"The parcel number {number} is lost.", contact=Contact())
    assert "1,000+" in small_world.staff("agent@poste").get("/desk?q=parcel").main


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(size=st.integers(1, 5), many=st.integers(0, 12))
def test_paging_has_no_gap_and_no_double(small_world: World, size: int, many: int) -> None:
    told = [small_world.tell(text=f"Story {number}", contact=Contact()).reference for number in range(many)]
    visitor = small_world.visitor("agent@poste")
    with pytest.MonkeyPatch.context() as patch, small_world.database.reading() as session:
        patch.setattr(queue, "PAGE", size)
        seen: list[str] = []
        before: int | None = None
        while True:
            page = queue.page(session, visitor, queue.Filters(tab=queue.Tab.ALL, before=before), NOW)
            seen += [row.reference for row in page.rows]
            before = page.next_before
            if before is None:
                break
    assert len(seen) == len(set(seen))
    assert seen[: len(told)] == told[::-1]


def test_the_list_leads_to_older_cases(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE", 2)
    first = small_world.tell(contact=Contact(name="First Person"))
    for number in range(2):
        small_world.tell(text=f"Later {number}", contact=Contact())
    desk = small_world.staff("agent@poste")
    page = desk.get("/desk?tab=take&sort=new")
    assert first.reference not in page.text
    older = next(link for link in page.links() if "before=" in link)
    assert first.reference in desk.get(older).text


def test_facets_narrow_and_lead_back(small_world: World) -> None:
    taken, waiting = small_world.tell(), small_world.tell(text="Something else altogether.", contact=Contact())
    acknowledge(small_world, taken.reference)
    desk = small_world.staff("agent@poste")
    page = desk.get(f"/desk?tab=all&owner={small_world.people['agent@poste']}")
    assert taken.reference in page.text
    assert waiting.reference not in page.text
    page = desk.get("/desk?tab=all&state=received")
    assert waiting.reference in page.text
    assert taken.reference not in page.text
    assert "/desk?tab=all" in page.links()
    assert "Nothing found" in desk.get("/desk?tab=all&theme=contempt").main
    assert "Nothing found" in desk.get("/desk?tab=all&overdue=1").main


def test_an_overdue_answer_is_marked(small_world: World) -> None:
    small_world.tell(at=datetime.now(UTC) - timedelta(days=100))
    page = small_world.staff("agent@poste").get("/desk?tab=all&overdue=1")
    assert "Overdue" in page.main


@pytest.mark.parametrize("who", ["manager@poste", "admin"])
def test_the_desk_is_for_those_who_answer(small_world: World, who: str) -> None:
    filed = small_world.tell()
    assert small_world.staff(who).raw("GET", "/desk").status_code == 403
    assert small_world.staff(who).raw("GET", f"/desk/{filed.reference}").status_code == 403


def test_strangers_are_asked_to_sign_in(small_world: World) -> None:
    filed = small_world.tell()
    for path in ("/desk", f"/desk/{filed.reference}", "/desk/DL-0000-0000"):
        assert small_world.browser().raw("GET", path).status_code == 302


def _life(world: World, steps: str, days: int) -> None:
    """One case that went some way: t taken, a asked, o offered, y accepted, n contested, s put aside."""
    at = datetime.now(UTC) - timedelta(days=days)
    filed = world.tell(at=at, text=f"{steps} {days}", contact=Contact(), wish=Wish.MONEY if steps else Wish.TELL)
    bench = world.app.extensions["workbench"]
    ways = {
        "a": (Action.ASK, {"question": "When?"}),
        "o": (Action.OFFER, REFUSAL | {"kind": "corrective_action"}),
        "s": (Action.SHELVE, {"back_on": (NOW + timedelta(days=9)).date()}),
        "y": (Action.ACCEPT, {"version": 1}),
        "n": (Action.CONTEST, {}),
    }
    for step in steps.replace("w", ""):
        at += timedelta(minutes=1)
        customer = step in "yn"
        visitor = world.holder(filed) if customer else world.visitor("agent@poste")
        hand = Hand(visitor, As.CUSTOMER if customer else As.STAFF, filed.reference, at)
        with world.database.writing() as session:
            if step == "t":
                moves.take(session, bench, hand, Text("I read you.", MessageKind.ACKNOWLEDGEMENT))
            else:
                action, facts = ways[step]
                moves.do(session, bench, hand, action, {**facts, "text": "A word."})


def test_the_counts_of_the_tabs_are_the_lengths_of_their_lists(world: World) -> None:
    for days, steps in enumerate(("", "w", "t", "ta", "to", "toy", "ton", "ts", "to", "ta"), start=10):
        _life(world, steps, days)
    for who in ("agent@poste", "agent2@poste", "supervisor@poste", "agent@banque"):
        visitor, now = world.visitor(who), datetime.now(UTC)
        with world.database.reading() as session:
            told = counts(session, visitor, now, now)
            for tab in (queue.Tab.MINE, queue.Tab.TAKE, queue.Tab.SECOND, queue.Tab.CUSTOMER, queue.Tab.RESTING):
                rows = queue.page(session, visitor, queue.Filters(tab=tab), now).rows
                assert told[tab] == len(rows), (who, tab)
            late = queue.page(session, visitor, queue.Filters(tab=queue.Tab.ALL, overdue=True), now).rows
            assert told["overdue"] == len(late)
