"""Cases are seen through one window only, and the window knows who looks."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from cx.core.refusals import NotVisible
from cx.core.visitor import Visitor
from cx.core.words import Wish
from cx.disputes import casefile, moves, queue, sight
from cx.disputes.sight import As
from models import Case

if TYPE_CHECKING:
    from tests.world import World

CANARY = "canary-5f0e internal remark"


def test_selecting_cases_anywhere_else_is_an_error(small_world: "World") -> None:
    with small_world.database.reading() as session, pytest.raises(sight.UnguardedSelect):
        session.scalars(select(Case)).all()


@pytest.mark.parametrize("who", ["agent@banque", "supervisor@banque", "manager@poste", "neutral", "admin"])
def test_whoever_has_no_business_with_a_case_does_not_find_it(small_world: "World", who: str) -> None:
    filed = small_world.tell("poste")
    with small_world.database.reading() as session:
        for capacity in (As.STAFF, As.CUSTOMER):
            with pytest.raises(NotVisible):
                sight.locate(session, small_world.visitor(who), capacity, filed.reference)


def test_the_team_finds_it_and_so_does_the_customer_with_the_key(small_world: "World") -> None:
    filed = small_world.tell("poste")
    with small_world.database.reading() as session:
        for who in ("agent@poste", "supervisor@poste"):
            assert sight.locate(session, small_world.visitor(who), As.STAFF, filed.reference).case_id == filed.case_id
        assert sight.locate(session, small_world.holder(filed), As.CUSTOMER, filed.reference.lower()).case_id
        with pytest.raises(NotVisible):
            sight.locate(session, Visitor(), As.CUSTOMER, filed.reference)


def test_nothing_internal_reaches_the_customer(world: "World") -> None:
    filed = world.tell("poste")
    now = datetime.now(UTC)
    bench = world.app.extensions["workbench"]
    for call in (False, True):
        hand = moves.Hand(world.visitor("agent@poste"), As.STAFF, filed.reference, now)
        with world.database.writing() as session:
            moves.note(session, bench, hand, CANARY, call=call)
    with world.database.reading() as session:
        seen = casefile.open_case(session, world.holder(filed), As.CUSTOMER, filed.reference, now)
        staff = casefile.open_case(session, world.visitor("agent@poste"), As.STAFF, filed.reference, now)
    assert CANARY not in repr(seen)
    assert repr(staff).count(CANARY) == 2
    assert not seen.scores and not seen.themes


def test_a_search_for_a_foreign_word_finds_nothing(world: "World") -> None:
    world.tell("banque", text="Mot rare : zinzolin.")
    now = datetime.now(UTC)
    with world.database.reading() as session:
        mine = queue.page(session, world.visitor("agent@banque"), queue.Filters(words="zinzolin"), now)
        theirs = queue.page(session, world.visitor("agent@poste"), queue.Filters(words="zinzolin"), now)
    assert len(mine.rows) == 1
    assert theirs.rows == ()


@pytest.mark.parametrize(
    "words",
    [
        '"',
        "AND",
        "OR NOT",
        "NEAR(",
        "*",
        "^",
        "a:b",
        "{a}",
        "(" * 2000,
        "o'brien",
        "",
        " ",
        "a*",
        "' OR 1=1 --",
        "x" * 100_000,
    ],
)
def test_no_question_breaks_the_search(world: "World", words: str) -> None:
    world.tell("poste")
    with world.database.reading() as session:
        queue.page(session, world.visitor("agent@poste"), queue.Filters(words=words), datetime.now(UTC))


@pytest.mark.parametrize(
    ("text", "language", "question"),
    [
        ("Les bornes ne répondaient pas, employés introuvables", "fr", "borne"),
        ("Les bornes ne répondaient pas, employés introuvables", "fr", "EMPLOYE"),
        ("The machines swallowed my coins", "en", "machine swallow"),
        ("Un œuf cassé dans le colis", "fr", "oeufs"),
    ],
)
def test_both_databases_find_the_same_with_and_without_accents(
    world: "World", text: str, language: str, question: str
) -> None:
    world.tell("poste", text=text, wish=Wish.TELL, detected_language=language)
    with world.database.reading() as session:
        found = queue.page(session, world.visitor("agent@poste"), queue.Filters(words=question), datetime.now(UTC))
    assert len(found.rows) == 1
