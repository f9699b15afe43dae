"""What pages cost: queue, case, the customer's page, search, filing, alone and with 16 at once; page weight and memory.

    python -m bench.pages --cases 100000 [--home FOLDER] [--database postgresql://…]

Fills a demo of that size unless the folder holds one already, starts the Procfile's web processes (2 workers) and
measures from a client on the same machine. Quote medians; the client shares the processors with the server.
"""

import argparse
import gzip
import json
import multiprocessing
import random
import re
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.serving import ROOT, Answer, Browser, Server, flask, free_port, serving, settings

BUDGETS = {
    "queue": 20.0, "case": 20.0, "customer": 20.0, "filing": 25.0, "p99 of 16": 200.0, "page weight": 100.0,
    "memory": 300.0,
}  # fmt: skip


def spread(times: list[float]) -> tuple[float, float, float, float]:
    """Smallest, median, 99th percentile and largest, in milliseconds."""
    ordered = sorted(one * 1000 for one in times)
    return ordered[0], statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], ordered[-1]


def timed(act: Callable[[], object], times: int, warm: int = 5) -> list[float]:
    """How long `act` takes, each time, after some rounds that do not count."""
    taken = []
    for round_ in range(times + warm):
        began = time.perf_counter()
        act()
        if round_ >= warm:
            taken.append(time.perf_counter() - began)
    return taken


def row(name: str, times: list[float], budget: float | None = None) -> None:
    """Print one line of the table."""
    least, median, late, most = spread(times)
    said = f"{budget:g}" if budget else ""
    print(f"| {name} | {len(times)} | {median:.1f} | {least:.1f} | {late:.1f} | {most:.1f} | {said} |")


def references(staff: Browser) -> list[str]:
    """References of cases on the first pages of the desk."""
    found: list[str] = []
    path = "/desk?tab=all"
    for _ in range(4):
        text = staff.get(path).text
        found += re.findall(r"/desk/(DL-[0-9A-Z]{4}-[0-9A-Z]{4})", text)
        older = re.search(r'href="([^"]*(?:before|after)=\d+[^"]*)"', text)
        if older is None:
            break
        path = older[1].replace("&amp;", "&")
        path = path if path.startswith("/") else f"/desk{path}"
    return list(dict.fromkeys(found))


def holders(server: Server, home: Path) -> list[tuple[Browser, str]]:
    """Browsers of the customers of the demo story, each with the address of their case."""
    found = []
    for told in json.loads((home / "demo-links.json").read_text(encoding="utf8")):
        browser = Browser(server.port)
        browser.get(f"/k/{told['code']}")
        found.append((browser, f"/case/{told['reference']}"))
    return found


def tracked(customers: list[tuple[Browser, str]], rng: random.Random) -> Answer:
    """One customer looks at their case."""
    browser, path = rng.choice(customers)
    answer = browser.get(path)
    if answer.status != 200 or 'id="proof"' not in answer.text:
        message = f"{path} is not the customer's page: {answer.status}"
        raise RuntimeError(message)
    return answer


def filing(server: Server, times: int) -> list[float]:
    """GET of the last page and POST of Send, durable; the three pages before are not timed."""
    taken = []
    for number in range(times + 3):
        browser = Browser(server.port)
        browser.write_story(f"Bench story {number} of {time.time_ns()}: forty minutes in front of the machine.")
        began = time.perf_counter()
        answer = browser.send_story(browser.get("/tell/4"))
        if number >= 3:
            taken.append(time.perf_counter() - began)
        if "/case/" not in answer.location:
            message = f"not filed: {answer.status} {answer.location}"
            raise RuntimeError(message)
    return taken


def _one_of_many(port: int, number: int, each: int, gate: threading.Barrier) -> list[float]:
    """One client of the crowd, in a process of its own so that the clients do not wait for one another."""
    ready = []
    for story in range(each):
        browser = Browser(port)
        browser.write_story(f"Crowd {number} {story} {time.time_ns()}: the line cut off after forty minutes.")
        ready.append(browser)
    gate.wait()
    taken: list[float] = []
    for browser in ready:
        began = time.perf_counter()
        page = browser.get("/tell/4")
        middle = time.perf_counter()
        browser.send_story(page)
        taken += [middle - began, time.perf_counter() - middle]
    return taken


def crowd(server: Server, clients: int, each: int) -> list[float]:
    """Many clients file at once: every GET and POST of the last page counts as one request."""
    with multiprocessing.Manager() as common, ProcessPoolExecutor(clients) as pool:
        gate = common.Barrier(clients)
        waiting = [pool.submit(_one_of_many, server.port, number, each, gate) for number in range(clients)]
        return [one for result in waiting for one in result.result()]


def weight(staff: Browser, path: str) -> float:
    """A page with what it loads from us, compressed, in KB; anything from elsewhere is an error."""
    text = staff.get(path).text
    # What a person may click leads where it leads; only what the browser fetches by itself is a load.
    outside = re.findall(r'<(?:link|script|img|iframe|source)\b[^>]*(?:src|href)="(?:https?:)?//[^"]+"', text)
    if outside:
        message = f"{path} loads from elsewhere: {outside[:3]}"
        raise RuntimeError(message)
    total = len(gzip.compress(text.encode()))
    for file in set(re.findall(r'(?:src|href)="(/static/[^"?]+)', text)):
        total += len(gzip.compress((ROOT / file.lstrip("/")).read_bytes()))
    return total / 1024


def measure(server: Server, home: Path, rounds: int) -> None:
    """Print the whole table."""
    staff = Browser(server.port)
    staff.sign_in(home)
    known = references(staff)
    rng = random.Random(1)
    print("| what | n | median ms | min | p99 | max | budget |\n|---|---|---|---|---|---|---|")
    for tab in ("mine", "take", "customer", "resting", "all"):
        row(f"queue, {tab}", timed(lambda tab=tab: staff.get(f"/desk?tab={tab}"), rounds), BUDGETS["queue"])
    row("search, a common word", timed(lambda: staff.get("/desk?q=machine"), rounds))
    row("search, two words", timed(lambda: staff.get("/desk?q=colis+perdu"), rounds))
    row("case page", timed(lambda: staff.get(f"/desk/{rng.choice(known)}"), rounds), BUDGETS["case"])
    customers = holders(server, home)
    row("the customer's page", timed(lambda: tracked(customers, rng), rounds), BUDGETS["customer"])
    row("landing", timed(lambda: Browser(server.port).get("/"), rounds))
    row("filing, GET + POST", filing(server, rounds), BUDGETS["filing"])
    row("16 clients, one request", crowd(server, 16, max(3, rounds // 16)), BUDGETS["p99 of 16"])
    manager = Browser(server.port)
    manager.sign_in(home, "manager")
    row("manager's page", timed(lambda: manager.get("/insight"), max(10, rounds // 4)))
    print("\n| page | KB compressed, with CSS and script | budget |\n|---|---|---|")
    for path in ("/", "/tell", "/desk", "/desk?tab=all", f"/desk/{known[0]}"):
        print(f"| {path} | {weight(staff, path):.1f} | {BUDGETS['page weight']:g} |")
    browser, path = customers[0]
    print(f"| the customer's page | {weight(browser, path):.1f} | {BUDGETS['page weight']:g} |")
    print(f"| /insight | {weight(manager, '/insight'):.1f} | {BUDGETS['page weight']:g} |")
    print(f"\nmemory of the web processes: {server.memory():.0f} MB (budget {BUDGETS['memory']:g})")
    print(f"start to first answer: {server.starts[0]:.2f} s")


def main() -> None:
    """Read the command line, fill if needed, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--home", type=Path, help="kept and used again; else a temporary folder")
    parser.add_argument("--database", default="", help="an empty PostgreSQL database; else SQLite in the folder")
    parser.add_argument("--rounds", type=int, default=200)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = chosen.home or Path(scratch)
        environment = settings(home, free_port(), chosen.database)
        if not (home / "demo-accounts.json").exists():
            flask(environment, "prepare", "--no-demo")
            began = time.monotonic()
            flask(environment, "demo", "--cases", str(chosen.cases))
            print(f"{chosen.cases} cases filled in {time.monotonic() - began:.0f} s\n")
        with serving(environment) as server:
            measure(server, home, chosen.rounds)


if __name__ == "__main__":
    main()
