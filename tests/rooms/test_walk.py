"""Every door tried by everybody: roles × routes × foreign, missing and own objects, generated from the URL map.

A foreign object answers exactly like a missing one; a role that a door does not name never passes; nobody but the
parties reads a word of a case; nothing ever breaks. A new route is walked without being listed here.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from werkzeug.routing import Rule

from cx.core.words import STAFF_ROLES
from cx.disputes import moves
from cx.disputes.sight import As
from tests.world import PEOPLE

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.pages import Browser
    from tests.world import World

STORY = "canary-story-77f1 told in confidence"
NOTE = "canary-note-9c02 for the team only"
MISSING = "DL-0000-0000"
ROLES = {str(role) for role in STAFF_ROLES}
WHO = ["stranger", "other customer", *PEOPLE]
# What changes from one answer to the next without meaning anything.
_NOISE = re.compile(
    r"nonce(-|=\")[\w-]+|DL-[0-9A-Z]{4}-[0-9A-Z]{4}|dl-[0-9a-z]{4}-[0-9a-z]{4}|value=\"[\w-]{20,}\"|\d+"
)


@dataclass
class Walk:
    world: "World"
    foreign: str
    browsers: dict[str, "Browser"]

    def knock(self, who: str, rule: Rule, method: str, reference: str, number: int) -> "TestResponse":
        values = {name: _buildable(rule, name, _value(name, reference, number)) for name in rule.arguments}
        with self.world.app.test_request_context():
            path = str(self.world.app.url_map.bind("localhost").build(rule.endpoint, values, method=method))
        data = {"text": "hello", "version": "1"} if method == "POST" else None
        return self.browsers[who].raw(method, path.replace("http://localhost", ""), data=data)


def _value(name: str, reference: str, number: int) -> object:
    if name == "reference":
        return reference
    if name.endswith(("_id", "number")) or name == "id":
        return number
    return "zzzz-nobody"


def _buildable(rule: Rule, name: str, value: object) -> object:
    """A value that the rule's own converter takes; one of a closed list is tried as its first member."""
    converter = rule._converters[name]
    members = sorted(getattr(converter, "items", ()))
    return members[0] if members else value


@pytest.fixture
def walk(small_world: "World") -> Walk:
    """A case of the bank that nobody of the post office may know, with a note, and a browser for everybody."""
    filed = small_world.tell("banque", text=STORY)
    other = small_world.tell("poste", text="Something else altogether.")
    hand = moves.Hand(small_world.visitor("agent@banque"), As.STAFF, filed.reference, datetime.now(UTC))
    with small_world.database.writing() as session:
        moves.note(session, small_world.app.extensions["workbench"], hand, NOTE)
    browsers = {who: small_world.staff(who) for who in PEOPLE}
    browsers |= {"stranger": small_world.browser(), "other customer": small_world.customer(other)}
    small_world.app.config["PROPAGATE_EXCEPTIONS"] = False
    return Walk(small_world, filed.reference, browsers)


def _doors(world: "World") -> list[tuple[Rule, str, frozenset[str]]]:
    found = []
    for rule in world.app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        door = world.app.view_functions[rule.endpoint].door  # type: ignore[attr-defined]
        found += [(rule, method, door.audience) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


def _roles_of(who: str) -> set[str]:
    return {PEOPLE[who][1].value} if who in PEOPLE else set()


def test_nobody_passes_a_door_that_does_not_name_them(walk: Walk) -> None:
    for rule, method, audience in _doors(walk.world):
        named = audience & ROLES
        if not named:
            continue
        for who in WHO:
            if not _roles_of(who) & named:
                answer = walk.knock(who, rule, method, walk.foreign, 1)
                where = f"{who} {method} {rule.rule}: {answer.status_code}"
                if who in PEOPLE:
                    assert answer.status_code == 403, where
                else:
                    to_login = answer.status_code == 302 and "/accounts/login" in answer.headers["Location"]
                    assert to_login or answer.status_code in {401, 403}, where


def test_a_foreign_object_answers_like_a_missing_one(walk: Walk) -> None:
    outsiders = [who for who in WHO if not who.endswith("@banque") and who != "admin"]
    for rule, method, _audience in _doors(walk.world):
        if "reference" not in rule.arguments:
            continue
        for who in outsiders:
            foreign = walk.knock(who, rule, method, walk.foreign, 1)
            missing = walk.knock(who, rule, method, MISSING, 1)
            where = f"{who} {method} {rule.rule}"
            assert foreign.status_code == missing.status_code, f"{where}: {foreign.status_code} {missing.status_code}"
            bodies = [_NOISE.sub("", answer.get_data(as_text=True)) for answer in (foreign, missing)]
            assert bodies[0] == bodies[1], f"{where}: the pages differ"
            own = method == "GET" and _roles_of(who) & {"agent", "supervisor"} and rule.rule.startswith("/desk")
            if own:
                assert foreign.status_code == 404, where


def test_nothing_of_a_case_reaches_an_outsider_and_nothing_breaks(walk: Walk) -> None:
    for rule, method, _audience in _doors(walk.world):
        for who in WHO:
            for number in (1, 2, 999_999):
                answer = walk.knock(who, rule, method, walk.foreign, number)
                where = f"{who} {method} {rule.rule}: {answer.status_code}"
                if rule.endpoint != "health.ready":
                    assert answer.status_code < 500, where
                text = answer.get_data(as_text=True)
                inside = who in {"agent@banque", "supervisor@banque"}
                assert inside or NOTE.split(maxsplit=1)[0] not in text, where
                manager = who == "manager@banque" and rule.endpoint.startswith("insight.")
                neutral = who == "neutral" and rule.endpoint.startswith("insight.")
                assert inside or manager or neutral or STORY.split(maxsplit=1)[0] not in text, where
                if not rule.arguments:
                    break


def test_hostile_references_are_only_not_found(walk: Walk) -> None:
    for rule, method, audience in _doors(walk.world):
        if "reference" not in rule.arguments:
            continue
        for reference in ("1", "x" * 500, "%00", "DL-%E2%80%AE", "' OR 1=1 --", "../..", "DL-0000-0000\u202e"):
            for who in ("stranger", "agent@poste"):
                answer = walk.knock(who, rule, method, reference, 1)
                assert answer.status_code < 500, f"{who} {method} {rule.rule} {reference!r} {audience}"
