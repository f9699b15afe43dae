"""`flask letters`: sends what waits and takes in what answers it. Any number of these may run, on any number of hosts."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import click
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.cli.running import PULSE, Loop, beat, now
from cx.cli.speaking import Command, bench
from cx.disputes import mailed
from cx.post import inbox, undelivered
from cx.post.addresses import Mailing, Signer
from cx.post.inbox import Desk, Inbox, InboxAway
from cx.post.transport import MailServer
from cx.post.worker import drain
from cx.themes.language import detect_language
from cx.web.database import database
from cx.web.forms import clean_text
from models import Installation

LETTERS = "letters"
# What an installation is called until its first hour.
HOUSE = "Doléance"
PAUSE = 5.0
# After the mail server went away there is no hurry to hear the same again.
AWAY_PAUSE = 60.0
# How often the mailbox is looked into, in seconds.
INBOX_PAUSE = 30.0


def mail_server() -> MailServer | None:
    """Where letters go; None until `SMTP_URL` is set."""
    url = current_app.config["SMTP_URL"]
    try:
        return MailServer.from_url(url, current_app.config["DOLEANCE_URL"]) if url else None
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def mailbox(server: MailServer | None) -> Inbox | None:
    """Where answers come from; None until `IMAP_URL` is set."""
    url = current_app.config["IMAP_URL"]
    try:
        return Inbox.from_url(url, server.sender if server else "") if url else None
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def signer() -> Signer:
    """Makes and reads the tokens of this installation."""
    return Signer(current_app.config["SECRET_KEY"])


def mailing(box: Inbox | None) -> Mailing:
    """What letters need of this installation."""
    with database().reading() as session:
        name = session.scalar(select(Installation.name).order_by(Installation.id).limit(1))
    return Mailing(
        base=current_app.config["DOLEANCE_URL"],
        signer=signer(),
        inbox=box.address if box else "",
        first_letters=current_app.config["FIRST_LETTERS"],
        name=name or HOUSE,
    )


def send_letters(server: MailServer | None, given: Mailing, stopped: Callable[[], bool]) -> float:
    """One round of the letters; returns for how many seconds to rest. Without a server they wait."""
    if server is None:
        return PAUSE
    done = drain(database(), server, given, now, stopped)
    if done.sent or done.failed or done.postponed:
        click.echo(f"{done.sent} sent, {done.postponed} postponed, {done.failed} given up")
    if done.away:
        click.echo(done.away, err=True)
    return AWAY_PAUSE if done.away else PAUSE


def _file(session: Session, case_id: int, text: str, at: datetime) -> bool:
    """A text from the inbox as the customer's, cleaned as a form would."""
    return mailed.receive(session, bench(), case_id, clean_text(text), at, detect_language)


def take_in(box: Inbox, stopped: Callable[[], bool]) -> Counter[str]:
    """One round of the inbox; what the operator should know is said."""
    try:
        done = inbox.collect(database(), box, Desk(box.address, signer(), _file), now, stopped)
    except InboxAway as away:
        click.echo(str(away), err=True)
        return Counter()
    if done:
        click.echo("inbox: " + ", ".join(f"{many} {outcome}" for outcome, many in sorted(done.items())))
    return done


def _again(number: str) -> None:
    """Try a letter that was given up once more, or all of them."""
    if number != "all" and not number.isdecimal():
        raise click.UsageError("--resend takes the number of a letter, or all.")
    with database().writing() as session:
        tried = undelivered.try_again(session, None if number == "all" else int(number), now())
    if not tried:
        raise click.ClickException("No such letter was given up.")
    click.echo(f"{tried} will be tried again.")


@click.command(LETTERS, cls=Command)
@click.option("--once", is_flag=True, help="Send what is due, take in what came, and end.")
@click.option("--resend", metavar="NUMBER", help="Try a letter again that was given up (`all`: every one), and end.")
def letters_command(once: bool, resend: str | None) -> None:
    """Send the letters that wait and take in answers, for as long as the process lives."""
    if resend:
        _again(resend)
        return
    server = mail_server()
    box = mailbox(server)
    loop = Loop(LETTERS)
    if once:
        if server is None:
            raise click.ClickException("SMTP_URL is not set: letters wait.")
        if send_letters(server, mailing(box), loop.stopped) == AWAY_PAUSE:
            raise click.ClickException("The mail server could not be used.")
        if box is not None:
            take_in(box, loop.stopped)
        return
    loop.run(Rounds(server, box, loop).turn)


class Rounds:
    """The rounds of the process, each thing at its own pace."""

    def __init__(self, server: MailServer | None, box: Inbox | None, loop: Loop) -> None:
        """Nothing happens yet."""
        self._server, self._box, self._loop = server, box, loop
        self._given: Mailing | None = None
        self._beaten = self._looked = self._send_at = 0.0

    def turn(self) -> float:
        """Whatever is due; returns for how many seconds to rest."""
        moment = now().timestamp()
        if self._given is None or moment - self._beaten >= PULSE:
            # The name of the installation may have changed.
            self._given = mailing(self._box)
        if moment >= self._send_at:
            self._send_at = moment + send_letters(self._server, self._given, self._loop.stopped)
        if self._box is not None and moment - self._looked >= INBOX_PAUSE and not self._loop.stopped():
            take_in(self._box, self._loop.stopped)
            self._looked = now().timestamp()
        if moment - self._beaten >= PULSE:
            beat(LETTERS, now())
            self._beaten = moment
        return PAUSE
