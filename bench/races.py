"""Several people press at once: one wins, everybody else gets a clear page with the text they typed.

    python -m bench.races --races 1000 [--database postgresql://…]

Each race is a fresh case and one version of it, seen by all: three of the team answer, ask and refuse at the same
moment, or the customer accepts what the team takes back. Exit code 1 when two win, nobody wins, a text is lost or a
page breaks. The web application runs in this process, each racer in a thread with a browser of its own.
"""

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cx.core.words import Wish

if TYPE_CHECKING:
    from cx.disputes.filing import Filed
    from tests.pages import Browser
    from tests.world import World

TEAM = ("agent@poste", "agent2@poste", "supervisor@poste")


@dataclass
class Observed:
    """What came of the races: answers by status, how long each race took (seconds), and every broken promise."""

    answers: Counter[int] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Racer:
    """One press of a button: whose browser, where it goes, what is typed, and the text that must not be lost."""

    browser: "Browser"
    path: str
    typed: dict[str, str]
    text: str


def _together(racers: list[Racer]) -> list[tuple[int, str]]:
    """Press all buttons at once; returns the status and the page of each."""
    gate, answers = threading.Barrier(len(racers)), [(0, "")] * len(racers)

    def press(place: int, racer: Racer) -> None:
        gate.wait()
        answer = racer.browser.raw("POST", racer.path, data=racer.typed)
        answers[place] = answer.status_code, answer.get_data(as_text=True)

    threads = [threading.Thread(target=press, args=pair) for pair in enumerate(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _post(browser: "Browser", path: str, typed: dict[str, str]) -> None:
    answer = browser.raw("POST", path, data=typed)
    if answer.status_code != 303:
        raise RuntimeError(f"{path} was to prepare a race: {answer.status_code}")


def _version(world: "World", case_id: int) -> str:
    from cx.disputes.storing import load

    with world.database.reading() as session:
        return str(load(session, case_id).loaded)


def answering(world: "World", staff: dict[str, "Browser"], no: int) -> tuple["Filed", list[Racer]]:
    """Three of the team decide on the same version of a case."""
    filed = world.tell("poste", Wish.ANSWER)
    at = f"/desk/{filed.reference}"
    _post(staff[TEAM[0]], f"{at}/take", {"text": "Hello.", "version": _version(world, filed.case_id)})
    version = _version(world, filed.case_id)
    explained = {"kind": "explanation", "answer": "refused", "reasons": "Because."}
    racers = []
    for who, way in zip(TEAM, ("ask", "refuse", "offer"), strict=True):
        text = f"Race {no}, {who}, word for word"
        racers.append(Racer(staff[who], f"{at}/{way}", {**explained, "version": version, "text": text}, text))
    return filed, racers


def accepting(world: "World", staff: dict[str, "Browser"], no: int) -> tuple["Filed", list[Racer]]:
    """The customer accepts an offer while the team takes it back."""
    filed, racers = answering(world, staff, no)
    _post(racers[2].browser, racers[2].path, racers[2].typed)
    text = f"Race {no}, taken back, word for word"
    back = {"version": _version(world, filed.case_id), "text": text}
    yes = {"seen": "offer_made.1", "sure_of_it": "yes"}
    return filed, [
        Racer(world.customer(filed), f"/case/{filed.reference}/accept", yes, ""),
        Racer(staff[TEAM[1]], f"/desk/{filed.reference}/takeback", back, text),
    ]


RACES: tuple[Callable[..., tuple["Filed", list[Racer]]], ...] = (answering, accepting)


def run(world: "World", races: int) -> Observed:
    """Let so many races happen, one after the other; every third one is between the customer and the team."""
    seen, staff = Observed(), {who: world.staff(who) for who in TEAM}
    for no in range(races):
        filed, racers = RACES[no % 3 == 2](world, staff, no)
        before = int(_version(world, filed.case_id))
        began = time.perf_counter()
        answers = _together(racers)
        seen.took.append(time.perf_counter() - began)
        seen.answers.update(status for status, _ in answers)
        seen.broken += [f"race {no}: {fault}" for fault in _faults(racers, answers)]
        if int(_version(world, filed.case_id)) == before:
            seen.broken.append(f"race {no}: somebody was told that it went, and nothing happened")
    return seen


def _faults(racers: list[Racer], answers: list[tuple[int, str]]) -> list[str]:
    """What is wrong with the answers of one race."""
    faults = []
    winners = sum(status == 303 for status, _ in answers)
    if winners != 1:
        faults.append(f"{winners} winners: {[status for status, _ in answers]}")
    for racer, (status, page) in zip(racers, answers, strict=True):
        if status not in {303, 409}:
            faults.append(f"{racer.path} answered {status}")
        if status == 409 and racer.text not in page:
            faults.append(f"{racer.path} lost the text")
    return faults


def main() -> int:
    """Run the races on a fresh database and say what came of them."""
    from tests.conftest import application
    from tests.world import build

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--races", type=int, default=1000)
    parser.add_argument("--database", default="", help="an empty, migrated PostgreSQL database; SQLite without it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.database
        if not url:
            from models.migrate import upgrade

            url = f"sqlite:///{Path(folder) / 'races.sqlite3'}"
            upgrade(url)
        seen = run(build(application(url, Path(folder))), given.races)
    took = sorted(one * 1000 for one in seen.took)
    print(f"{given.races} races: answers {dict(seen.answers)}; a race takes {statistics.median(took):.0f} ms (median)")
    print("\n".join(seen.broken) or "one winner each, no text lost, nothing broke")
    return 1 if seen.broken else 0


if __name__ == "__main__":
    sys.exit(main())
