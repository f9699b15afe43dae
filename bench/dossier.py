"""How long the file that travels takes: a dispute of 60 events, PDF, JSON and ZIP, in both languages.

    python -m bench.dossier [--events 60] [--times 20]

Makes one case in an empty database in a temporary folder and times all that the button does before the transaction:
reading the case, wording it, setting the PDF, packing. Budget: a median of 300 ms.
"""

import argparse
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

BUDGET = 300.0


def main() -> None:
    """Make the case, make its file again and again, print one line a language."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=60)
    parser.add_argument("--times", type=int, default=20)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["DOLEANCE_HOME"] = scratch
        measure(f"sqlite:///{Path(scratch) / 'bench.sqlite3'}", chosen.events, chosen.times)


def measure(url: str, events: int, times: int) -> None:
    """Print the medians of `times` files of a case with `events` lines."""
    from app import create_app
    from cx.core.words import MessageKind
    from cx.disputes import dossier, moves
    from cx.disputes.ledger import Text
    from cx.disputes.sight import As
    from cx.elsewhere import paper
    from cx.elsewhere.sheet import sheet
    from models.migrate import upgrade
    from tests.elsewhere import answered
    from tests.world import build

    upgrade(url)
    app = create_app(DATABASE_URL=url, TESTING=True)
    world = build(app)
    filed = answered(world)
    hands = [
        moves.Hand(who, capacity, filed.reference, datetime.now(UTC))
        for who, capacity in ((world.holder(filed), As.CUSTOMER), (world.visitor("agent@poste"), As.STAFF))
    ]
    for number in range(max(0, events - 6)):
        with world.database.writing() as session:
            letter = Text("Une lettre de quelques lignes, comme on en écrit. " * 8, MessageKind.ADDITION)
            moves.write(session, app.extensions["workbench"], hands[number % 2], letter)
    for language in ("fr", "en"):
        taken = []
        with app.test_request_context(headers={"Accept-Language": language}):
            for _round in range(times + 2):
                began = time.perf_counter()
                with world.database.reading() as session:
                    contents = dossier.collect(
                        session, world.holder(filed), As.CUSTOMER, filed.reference, datetime.now(UTC)
                    )
                files = paper.made(sheet(contents))
                taken.append((time.perf_counter() - began) * 1000)
        warm = taken[2:]
        print(
            f"{language}: {contents.seq} events, {len(files['pdf']) // 1000} kB PDF, median {statistics.median(warm):.0f} ms "
            f"(least {min(warm):.0f}, most {max(warm):.0f}, first {taken[0]:.0f}), budget {BUDGET:.0f} ms"
        )
    world.database.engine.dispose()


if __name__ == "__main__":
    main()
