"""The demo's texts and lives: believable, varied, true to their labels, and accepted by the rules of the heart."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from cx.core.acts import Act, Actor
from cx.core.dispute import Dispute, decide, evolve, happened
from cx.core.signatures import natural_name
from cx.core.words import Action, Role, Sector, State, Theme, Wish
from cx.demo.cases import DemoCase, generate
from cx.demo.details import SLOTS, Details
from cx.demo.eight import eight
from cx.demo.fragments import library, sections
from cx.demo.people import BY_SLUG, EVERYBODY, MAIL_DOMAIN, ORGANISATIONS
from cx.demo.stories import tell

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
PEOPLE = {person.email: person for person in EVERYBODY}


@pytest.fixture(scope="module")
def cases() -> list[DemoCase]:
    return list(generate(7, 2000, NOW))


def ends_in(case: DemoCase) -> State:
    """Play the steps of a case by the rules; whatever the heart refuses fails the test."""
    dispute = Dispute()
    for step in case.steps:
        person = PEOPLE.get(step.person)
        actor = Actor(step.by, step.by.value)
        if person is not None:
            limit = case.organisation.agent_limit_minor if person.role is Role.AGENT else None
            actor = Actor(person.role, person.email, person.name, person.function, limit)
            assert step.by is person.role
        if step.action is None:
            event = happened("reminded", actor, step.at)
        else:
            event = decide(dispute, Act(step.action, actor, step.at, step.facts))
        dispute = evolve(dispute, event)
    return dispute.state


def test_everybody_has_a_name_an_address_and_a_place() -> None:
    assert len({person.email for person in EVERYBODY}) == len(EVERYBODY)
    assert all(natural_name(person.name) for person in EVERYBODY)
    for person in EVERYBODY:
        assert re.fullmatch(r"[a-z-]+\.[a-z-]+@" + re.escape(MAIL_DOMAIN), person.email), person.email
    for organisation in ORGANISATIONS:
        roles = Counter(person.role for person in organisation.staff)
        assert roles[Role.AGENT] >= 3
        assert roles[Role.SUPERVISOR] == roles[Role.MANAGER] == 1
        codes = [point.code for point in organisation.touchpoints]
        assert len(set(codes)) == len(codes)
    assert {f"AF-{no:02d}" for no in range(1, 13)} <= {point.code for point in BY_SLUG["poste-arvane"].touchpoints}


@pytest.mark.parametrize("sector", [Sector.BANK, Sector.AIRLINE, Sector.POSTAL])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_theme_can_be_told_in_every_sector_and_language(sector: Sector, language: str) -> None:
    shelf = library(sector, language)
    for theme in Theme:
        assert len(shelf.cores[theme]) >= 6, theme
        assert all(theme in core.themes for core in shelf.cores[theme])
    assert len(shelf.ordinary) >= 9
    assert len(shelf.praise) >= 5
    channels = {point.channel for one in ORGANISATIONS if one.sector is sector for point in one.touchpoints}
    told = {core.channel for cores in shelf.cores.values() for core in cores}
    assert not {channel for channel in told if channel.value not in {"mail", "email", "social"}} - channels


@pytest.mark.parametrize("language", ["fr", "en"])
def test_both_languages_have_the_same_sections_and_only_known_slots(language: str) -> None:
    names = [f"{sector}_{language}" for sector in ("bank", "airline", "postal")] + [f"around_{language}"]
    for name in (*names, f"replies_{language}"):
        twin = name[:-2] + ("en" if language == "fr" else "fr")
        assert list(sections(name)) == list(sections(twin))
    for name in names:
        for pieces in sections(name).values():
            for piece in pieces:
                assert set(re.findall(r"\{(\w+)\}", piece)) <= SLOTS | {"org", "asked"}, piece


def test_a_slot_keeps_its_value_within_a_story() -> None:
    details = Details(Random(1), ORGANISATIONS[0], "fr", date(2026, 5, 1), woman=True)
    assert [details[slot] for slot in sorted(SLOTS)] == [details[slot] for slot in sorted(SLOTS)]
    assert details["e"] == "e"


def test_the_same_seed_tells_the_same_and_parts_make_the_whole() -> None:
    whole = list(generate(3, 40, NOW))
    assert whole == list(generate(3, 40, NOW))
    assert whole == [*generate(3, 40, NOW, 0, 15), *generate(3, 40, NOW, 15)]
    assert [case.story for case in whole] != [case.story for case in generate(4, 40, NOW)]


def test_stories_do_not_look_like_copies(cases: list[DemoCase]) -> None:
    texts = Counter(case.story.text for case in cases if not case.story.unclear)
    assert len(texts) > 0.97 * sum(texts.values())
    lengths = sorted(len(case.story.text) for case in cases)
    assert lengths[50] < 100
    assert lengths[-50] > 400
    assert all(not re.search(r"\{\w*\}", case.story.text + case.story.wish_text) for case in cases)


def test_shares_are_believable(cases: list[DemoCase]) -> None:
    themed = [case for case in cases if case.story.themes]
    assert 0.70 < len(themed) / len(cases) < 0.84
    assert 0.03 < sum(case.story.praise for case in cases) / len(cases) < 0.07
    assert 0.015 < sum(case.story.unclear for case in cases) / len(cases) < 0.05
    assert {theme for case in themed for theme in case.story.themes} == set(Theme)
    assert all(len(case.story.themes) <= 5 for case in cases)
    machines = Counter(case.story.touchpoint for case in cases if (case.story.touchpoint or "").startswith("AF-"))
    assert machines.most_common(1)[0][0] == "AF-07"


def test_contacts_can_reach_nobody_real(cases: list[DemoCase]) -> None:
    for case in cases:
        contact = case.story.contact
        assert not contact.email or contact.email.endswith("@example.org")
        assert not contact.phone or contact.phone.startswith(("01 99 00 ", "01632 960"))


def test_every_life_keeps_the_rules_and_every_state_is_reached(cases: list[DemoCase]) -> None:
    states = Counter(ends_in(case) for case in cases)
    assert set(states) == set(State)
    old = [case for case in cases if (NOW - case.told_at) > timedelta(days=120) and case.story.wish is not Wish.TELL]
    ended = sum(not ends_in(case).open for case in old)
    assert ended > 0.5 * len(old)


def test_time_runs_forward_and_staff_work_on_weekdays(cases: list[DemoCase]) -> None:
    for case in (*cases, *eight(NOW)):
        moments = [case.told_at, *(step.at for step in case.steps)]
        assert all(before <= after for before, after in pairwise(moments)), case.key
        assert moments[-1] <= NOW
        for step in case.steps:
            assert not step.person or step.at.weekday() < 5, (case.key, step)


def test_letters_are_signed_and_have_no_open_slot(cases: list[DemoCase]) -> None:
    for case in (*cases, *eight(NOW)):
        for step in case.steps:
            assert not re.search(r"\{\w*\}", step.text), step.text
            inside = step.action in {Action.NOTE, Action.LOG_CALL}
            if step.text and not inside and step.by in {Role.AGENT, Role.SUPERVISOR}:
                assert PEOPLE[step.person].name in step.text.splitlines()[-1]


def test_who_tells_without_a_demand_gets_no_dispute(cases: list[DemoCase]) -> None:
    told = [case for case in cases if case.story.wish is Wish.TELL]
    assert told
    assert all(ends_in(case) is State.NONE for case in told)


@pytest.mark.parametrize("later", range(7))
def test_the_eight_stand_where_the_story_says_on_every_day_of_the_week(later: int) -> None:
    now = NOW + timedelta(days=later)
    states = [ends_in(case) for case in eight(now)]
    assert [case.number for case in eight(now)] == list(range(1, 9))
    assert states == [
        State.CLOSED,
        State.NONE,
        State.CONTESTED,
        State.INVESTIGATING,
        State.CONTESTED,
        State.CLOSED,
        State.IN_MEDIATION,
        State.AWAITING_CUSTOMER,
    ]
    assert all(step.at <= now for case in eight(now) for step in case.steps)


def test_french_letters_have_their_no_break_spaces() -> None:
    for case in eight(NOW):
        if case.story.language == "fr":
            texts = [case.story.text, *(step.text for step in case.steps)]
            assert not any(re.search(r" [:;!?»]|« ", text) for text in texts)


def test_a_story_is_told_in_the_language_and_money_of_its_house() -> None:
    rng = Random(5)
    stories = [tell(rng, BY_SLUG["marlow-penn-bank"], date(2026, 3, 1)) for _ in range(300)]
    assert {story.currency for story in stories} == {"GBP"}
    assert sum(story.language == "en" for story in stories) > 260
    assert not any("€" in story.text for story in stories)
