"""`flask doctor`: what is missing or unsafe, in one screen; 1 when something is unsafe."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from cx.cli.speaking import Command, home
from cx.cli.starting import has_demo
from cx.core.words import Role
from cx.disputes import reader_switch
from cx.environment import LOOPBACK, host_of, is_loopback_address
from cx.post.undelivered import given_up, traffic
from cx.web.database import database
from models import Account, Beat, FigureDelta, Membership, Organisation
from models.engine import Database
from models.migrate import HEAD, current

SILENT_AFTER = timedelta(minutes=3)
LITTLE_SPACE, NO_SPACE = 1_000_000_000, 100_000_000
MANY_UNFOLDED = 20_000
# A letter that waits longer than this although mail is set up.
LATE = timedelta(hours=1)


class Health(StrEnum):
    """How a thing stands."""

    GOOD = "good"
    MISSING = "missing"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, how it stands, and one sentence."""

    what: str
    health: Health
    sentence: str


def good(what: str, sentence: str) -> Finding:
    """A thing that stands well."""
    return Finding(what, Health.GOOD, sentence)


def missing(what: str, sentence: str) -> Finding:
    """A thing that somebody should see to."""
    return Finding(what, Health.MISSING, sentence)


def unsafe(what: str, sentence: str) -> Finding:
    """A thing that puts people or their stories at risk."""
    return Finding(what, Health.UNSAFE, sentence)


def examine(now: datetime) -> list[Finding]:
    """Look at everything. What the database says is left out while its tables are not the newest."""
    data = database()
    found = [*_secrets(home()), *_address(), _disk(home()), _reader()]
    revision = current(data)
    if revision != HEAD:
        said = "has no tables yet" if revision is None else f"stands at version {revision}, the program at {HEAD}"
        return [unsafe("tables", f"The database {said}: run `flask prepare`."), *found]
    found.insert(0, good("tables", f"At the newest version, {HEAD}."))
    with data.reading() as session:
        found += [*_durability(data, session), *_letters(session, now), *_pulses(session, now)]
        found += [*_switched(session), *_demo(session), *_people(session), _figures(session)]
    return found


def _secrets(folder: Path) -> Iterator[Finding]:
    open_to = [name for name in sorted(folder.glob("*.secret")) if name.stat().st_mode & 0o077]
    for file in open_to:
        yield unsafe("secrets", f"Others on this machine can read {file}: chmod 600 it.")
    if not open_to:
        yield good("secrets", "Nobody else on this machine can read them.")
    if folder.stat().st_mode & 0o077:
        yield unsafe("data folder", f"Others on this machine can look into {folder}: chmod 700 it.")


def is_public() -> bool:
    """Whether the address of the installation is that of more than this machine."""
    return not is_loopback_address(current_app.config["DOLEANCE_URL"])


def _address() -> Iterator[Finding]:
    address = current_app.config["DOLEANCE_URL"]
    if is_public() and urlsplit(address).scheme != "https":
        yield unsafe("address", f"{address} is not encrypted: DOLEANCE_URL must begin with https.")
    elif is_public():
        yield good("address", address)
    else:
        yield missing("address", f"{address} is this machine only: set DOLEANCE_URL before others come.")
    if urlsplit(address).scheme == "https" and not current_app.config["PROXIES"]:
        yield missing(
            "proxy",
            "DOLEANCE_PROXIES does not say how many proxies stand in front (mostly 1): all callers look like one, and "
            "one who guesses passwords slows everybody down.",
        )
    listening = host_of(os.environ)
    if listening not in LOOPBACK and not is_public():
        yield unsafe("address", f"HOST={listening} listens to others while DOLEANCE_URL says this machine only.")
    if not current_app.config.get("TRUSTED_HOSTS"):
        yield unsafe("hosts", "TRUSTED_HOSTS is empty: any name would be believed.")


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:,.1f} GB free in {folder}."
    if free < NO_SPACE:
        return unsafe("disk", said)
    return missing("disk", said) if free < LITTLE_SPACE else good("disk", said)


def _reader() -> Finding:
    from cx.themes.shelf import Shelf

    found = Shelf(home()).load()
    said = f"Version {found.reader.version}."
    return missing("reader", f"{said} {found.problem}") if found.problem else good("reader", said)


def _switched(session: Session) -> Iterator[Finding]:
    """Nothing while the reader is on, which `_reader` speaks of."""
    last = next(iter(reader_switch.history(session, 1)), None)
    if last is not None and not last.running and last.since is not None:
        said = f"Switched off since {last.since:%Y-%m-%d %H:%M} UTC by {last.by}: {last.reason}"
        yield missing("reader", f"{said} (an administrator turns it on again)")


def _durability(data: Database, session: Session) -> Iterator[Finding]:
    if data.dialect == "sqlite":
        journal = session.scalar(text("PRAGMA journal_mode"))
        kept = session.scalar(text("PRAGMA synchronous"))
        sound = journal == "wal" and kept is not None and kept >= 2 and session.scalar(text("PRAGMA foreign_keys")) == 1
        said = f"SQLite, journal {journal}, synchronous {kept}."
    else:
        fsync, commit = session.scalar(text("SHOW fsync")), session.scalar(text("SHOW synchronous_commit"))
        sound = fsync == "on" and commit != "off"
        said = f"PostgreSQL, fsync {fsync}, synchronous_commit {commit}."
    yield good("durability", said) if sound else unsafe("durability", f"{said} A power cut could lose complaints.")


def _letters(session: Session, now: datetime) -> Iterator[Finding]:
    found = traffic(session, now)
    if current_app.config["SMTP_URL"]:
        yield good("mail", f"Letters are sent; {found.waiting} wait.")
    else:
        said = f"SMTP_URL is not set: {found.waiting} letters wait. Links can be shown and printed meanwhile."
        yield missing("mail", said)
    if found.failed:
        (last, *_) = given_up(session)
        said = f"{found.failed} letters were given up; the last one, no. {last.id}: {last.why}"
        yield missing("mail", f"{said} (`flask letters --resend {last.id}`)")
    if found.oldest is not None and current_app.config["SMTP_URL"] and now - found.oldest > LATE and not found.held:
        yield missing("mail", f"A letter waits since {found.oldest:%Y-%m-%d %H:%M} UTC: does the mail server answer?")
    most = current_app.config["FIRST_LETTERS"]
    if found.held > most:
        said = f"{found.held} letters to addresses that nobody confirmed are held back (at most {most} an hour leave)."
        yield missing("mail", f"{said} Is somebody filling in strangers' addresses?")
    if not current_app.config["IMAP_URL"]:
        yield good("inbox", "IMAP_URL is not set: answers by mail are not taken in, and letters say so.")
    else:
        unsigned = found.came.get("unsigned", 0)
        said = f"Answers by mail are taken in; {found.came.get('taken', 0)} this week, {unsigned} without a signed address."
        yield good("inbox", said)


def _pulses(session: Session, now: datetime) -> Iterator[Finding]:
    known = {one.name: one.at for one in session.scalars(select(Beat))}
    for name in ("clock", "letters"):
        last = known.get(name)
        if last is None:
            yield missing(name, f"It never ran: ./run starts it, and so does the Procfile (`flask {name}`).")
        elif now - last > SILENT_AFTER:
            yield missing(name, f"Not heard of since {last:%Y-%m-%d %H:%M} UTC: is `flask {name}` running?")
        else:
            yield good(name, f"Alive {max(0, round((now - last).total_seconds()))} s ago.")


def _demo(session: Session) -> Iterator[Finding]:
    if has_demo(session):
        if is_public():
            yield unsafe("demo", "Invented data at a public address: `flask demo --remove` takes them out.")
        else:
            yield good("demo", "Present; `flask demo --remove` takes it out.")


def _people(session: Session) -> Iterator[Finding]:
    at_work = select(Membership.organisation_id).join(Account).where(Membership.until.is_(None), Account.active)
    if session.execute(at_work.where(Membership.role == Role.ADMIN).limit(1)).first() is None:
        yield missing("people", "There is no administrator: `flask prepare` shows the link of the first one.")
    claimed = select(Organisation.name).where(Organisation.claimed, Organisation.demo.is_(False))
    readers = at_work.where(Membership.role.in_([Role.AGENT, Role.SUPERVISOR]), Membership.organisation_id.is_not(None))
    for name in session.scalars(claimed.where(Organisation.id.not_in(readers)).order_by(Organisation.name)):
        yield missing("people", f"Nobody reads for {name}: invite an agent.")
    on_duty = select(Account.id).where(Account.active)
    for name in session.scalars(
        claimed.where(
            Organisation.duty_account_id.is_(None) | Organisation.duty_account_id.not_in(on_duty),
            Organisation.id.in_(readers),
        ).order_by(Organisation.name)
    ):
        yield missing("people", f"{name} has no duty person: nobody is named until a case is taken.")


def _figures(session: Session) -> Finding:
    unfolded = session.scalar(select(func.count(FigureDelta.id))) or 0
    said = f"{unfolded:,} changes to fold."
    return missing("figures", f"{said} Is the clock running?") if unfolded > MANY_UNFOLDED else good("figures", said)


@click.command("doctor", cls=Command)
@click.option("--json", "plain", is_flag=True, help="Print JSON.")
def doctor_command(plain: bool) -> None:
    """Say what is missing or unsafe here."""
    found = examine(datetime.now(UTC))
    if plain:
        import json

        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        width = max(len(one.what) for one in found)
        for one in found:
            mark = {Health.GOOD: "ok", Health.MISSING: "--", Health.UNSAFE: "!!"}[one.health]
            click.echo(f"{mark}  {one.what:{width}}  {one.sentence}")
    unsafe_things = sum(one.health is Health.UNSAFE for one in found)
    if unsafe_things:
        raise click.ClickException(f"{unsafe_things} unsafe: see !! above.")
