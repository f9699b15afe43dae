"""The eight cases of the demo story, written by hand in `fragments/eight.toml`; their dates are relative to now."""

import tomllib
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cx.core.incident import Contact
from cx.core.words import THEME_BY_ID, Action, Channel, Origin, Role, Wish
from cx.demo.cases import DemoCase
from cx.demo.fragments import spaced
from cx.demo.letters import full_day
from cx.demo.people import BY_SLUG, EVERYBODY, MAIL_DOMAIN, DemoPerson
from cx.demo.stories import DemoStory
from cx.demo.thread import Step

_FILE = Path(__file__).parent / "fragments" / "eight.toml"
_PERSONS: Mapping[str, DemoPerson] = {person.email: person for person in EVERYBODY}
# How the file counts days after a step, and which fact and slot that becomes.
_DAYS = {"pay_in": "pay_by", "answer_in": "answer_by", "deadline_in": "deadline"}


@cache
def _written() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(_FILE.read_text(encoding="utf-8"))["case"])


def eight(now: datetime) -> tuple[DemoCase, ...]:
    """Return the eight cases as they stand at `now` (aware, UTC), numbered 1 to 8."""
    return tuple(_case(written, now) for written in _written())


def _moment(day: datetime, clock: str) -> datetime:
    return datetime.combine(day.date(), time.fromisoformat(clock), tzinfo=day.tzinfo)


def _case(written: dict[str, Any], now: datetime) -> DemoCase:
    told_at = _moment(now - timedelta(days=written["days_ago"]), written["at"])
    story = _story(written, told_at)
    steps: list[Step] = []
    points = tuple(written.get("points", ()))
    if story.wish is not Wish.TELL:
        facts: dict[str, object] = {"text": story.text, "wish": story.wish.value, "consent": True}
        steps.append(Step(told_at, Action.SEND, Role.CUSTOMER, facts=facts | {"points": max(1, len(points))}))
    at = told_at
    for entry in written["step"]:
        step = _step(entry, told_at, at, story.language)
        at = step.at
        steps.append(step)
    return DemoCase(
        key=f"demo-story-{written['number']}",
        story=story,
        told_at=told_at,
        origin=Origin(written["origin"]),
        steps=tuple(steps),
        number=written["number"],
        points=points,
    )


def _story(written: dict[str, Any], told_at: datetime) -> DemoStory:
    organisation = BY_SLUG[written["organisation"]]
    channel = written.get("channel")
    return DemoStory(
        organisation=organisation.slug,
        text=_typeset(written["text"], written["language"]),
        language=written["language"],
        sector=organisation.sector,
        issue=written["issue"],
        channel=Channel(channel) if channel else None,
        touchpoint=written.get("touchpoint"),
        place=written.get("place", ""),
        occurred_on=None if written.get("unclear") else told_at.date() - timedelta(days=1),
        severity=written.get("severity"),
        wish=Wish(written["wish"]),
        wish_text=_typeset(written.get("wish_text", ""), written["language"]),
        themes=tuple(THEME_BY_ID[theme] for theme in written["themes"]),
        facts=written.get("facts", {}),
        contact=Contact(written.get("name", ""), written.get("email", ""), written.get("phone", "")),
        woman=written.get("woman", True),
        money_minor=written.get("minor"),
        currency=organisation.currency,
        praise=written.get("praise", False),
        unclear=written.get("unclear", False),
        words={
            THEME_BY_ID[theme]: _typeset(words, written["language"])
            for theme, words in written.get("words", {}).items()
        },
    )


def _step(entry: dict[str, Any], told_at: datetime, before: datetime, language: str) -> Step:
    action, customer = Action(_NAMES.get(entry["action"], entry["action"])), entry["by"] == "customer"
    person = None if customer else _PERSONS[f"{entry['by']}@{MAIL_DOMAIN}"]
    at = _moment(told_at + timedelta(days=entry["day"]), entry["at"])
    if person and at.weekday() > 4:
        at += timedelta(days=7 - at.weekday())
    at = max(at, before + timedelta(minutes=2))
    facts: dict[str, object] = dict(entry.get("facts", {}))
    slots: dict[str, str] = {}
    for key, name in _DAYS.items():
        if key in entry:
            day = at.date() + timedelta(days=entry[key])
            facts["next_body_deadline" if name == "deadline" else name] = day
            slots[name] = full_day(day, language)
    text = _typeset(entry.get("text", ""), language).format_map(slots)
    if text:
        facts["text"] = text
    if action is Action.ASK:
        facts["question"] = text
    if action in (Action.OFFER, Action.FINAL):
        facts.setdefault("reasons", text)
    return Step(at, action, person.role if person else Role.CUSTOMER, person.email if person else "", text, facts)


_NAMES = {"final_position": Action.FINAL.value}


def _typeset(text: str, language: str) -> str:
    return spaced(text.strip()) if language == "fr" else text.strip()
