"""Nothing acknowledged is lost, nothing is doubled: clients file stories while web processes are killed (kill -9).

    python -m bench.kills --kills 200 [--database postgresql://…]

A client that gets no answer sends the same form again, as a person would. In the end every acknowledged reference
must be there with its text, and no story may be there twice. Exit code 1 when a promise is broken.
"""

import argparse
import contextlib
import http.client
import random
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select, text

from bench.serving import Browser, Server, flask, free_port, serving, settings
from cx.disputes.storing import table
from cx.web.settings import database_url
from models import Case, Message
from models.engine import Database

TROUBLE = (OSError, http.client.HTTPException)


@dataclass
class Observed:
    """What the clients saw: story by reference that was acknowledged, and how long the worst waited."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    tried: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def client(port: int, seen: Observed, ended: threading.Event, number: int) -> None:
    """File stories, one after the other, until the end; send again whatever was not answered."""
    count = 0
    while not ended.is_set():
        count += 1
        story = f"Story {number}-{count}-{time.time_ns()}: nobody at the counter, and the machine kept the coins."
        browser = Browser(port)
        with seen.lock:
            seen.tried += 1
        reference = _file_stubbornly(browser, story, ended)
        browser.close()
        if reference:
            with seen.lock:
                seen.acknowledged[reference] = story


def _file_stubbornly(browser: Browser, story: str, ended: threading.Event) -> str:
    page = None
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        try:
            if page is None:
                found = browser.write_story(story)
                page = found if found.hidden("key") else None
                continue
            answer = browser.send_story(page)
            if "/case/" in answer.location:
                return answer.location.rsplit("/case/", 1)[1].split("?")[0]
        except TROUBLE:
            pass
        if ended.is_set() and page is None:
            return ""
        time.sleep(0.02)
    return ""


def attack(server: Server, kills: int, clients: int, seed: int) -> Observed:
    """Kill random web processes while clients file."""
    seen, ended = Observed(), threading.Event()
    rng = random.Random(seed)
    threads = [threading.Thread(target=client, args=(server.port, seen, ended, number)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for _ in range(kills):
        _wait_for_work(seen)
        time.sleep(rng.uniform(0.0, 0.3))
        numbers = server.numbers()
        # The master one time in four: then everything starts again.
        victim = numbers[0] if rng.random() < 0.25 or len(numbers) == 1 else rng.choice(numbers[1:])
        with contextlib.suppress(ProcessLookupError):
            server.kill(victim)
    while not server.answers():
        time.sleep(0.05)
    ended.set()
    for thread in threads:
        thread.join()
    return seen


def _wait_for_work(seen: Observed) -> None:
    """Let at least one more story through, so that each kill meets a server at work."""
    before, give_up = len(seen.acknowledged), time.monotonic() + 10
    while len(seen.acknowledged) == before and time.monotonic() < give_up:
        time.sleep(0.01)


@dataclass(frozen=True)
class Verdict:
    """What the database says afterwards."""

    acknowledged: int
    lost: int
    altered: int
    doubled: int
    sound: bool

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return self.sound and not (self.lost or self.altered or self.doubled)


def verdict(url: str, seen: Observed) -> Verdict:
    """Compare what was acknowledged with what is stored."""
    database = Database(url)
    cases, messages = table(Case).c, table(Message).c
    query = select(cases.reference, messages.text).join_from(table(Case), table(Message), messages.case_id == cases.id)
    with database.reading() as session:
        stored = {one.reference: one.text for one in session.execute(query.where(messages.kind == "story"))}
        sound = database.dialect != "sqlite" or session.scalar(text("PRAGMA integrity_check")) == "ok"
    stories = list(stored.values())
    database.engine.dispose()
    return Verdict(
        acknowledged=len(seen.acknowledged),
        lost=sum(reference not in stored for reference in seen.acknowledged),
        altered=sum(stored.get(reference, story) != story for reference, story in seen.acknowledged.items()),
        doubled=len(stories) - len(set(stories)),
        sound=sound,
    )


def run(home: Path, database: str, kills: int, clients: int = 4, seed: int = 1) -> tuple[Verdict, list[float]]:
    """The whole experiment; also how long each start took, in seconds."""
    environment = settings(home, free_port(), database)
    flask(environment, "prepare", "--no-demo")
    flask(environment, "demo", "--cases", "20")
    with serving(environment) as server:
        seen = attack(server, kills, clients, seed)
        starts = list(server.starts)
    return verdict(database_url(home, environment), seen), starts


def main() -> int:
    """Read the command line, run, say what happened."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--database", default="")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        began = time.monotonic()
        found, starts = run(Path(scratch), chosen.database, chosen.kills, chosen.clients, chosen.seed)
    ordered = sorted(starts)
    print(f"{chosen.kills} kills in {time.monotonic() - began:.0f} s, {len(starts)} starts")
    print(f"start to first answer: median {ordered[len(ordered) // 2]:.2f} s, longest {ordered[-1]:.2f} s")
    print(found)
    return 0 if found.kept else 1


if __name__ == "__main__":
    sys.exit(main())
