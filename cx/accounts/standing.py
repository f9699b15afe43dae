"""What an installation still lacks, for the administrator's first page; `flask doctor` looks deeper."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cx.accounts.organisations import installation, without_duty
from cx.disputes import reader_switch
from cx.environment import is_loopback_address
from models import Letter, Organisation


def missing(session: Session, config: Mapping[str, Any]) -> list[str]:
    """Sentences about what is missing or unsafe; empty when all is well."""
    found = [*_letters(session, config), *_address(session, config)]
    if not reader_switch.standing(session).running:
        found.append(_("The reader of themes is switched off: people read every story."))
    lonely = without_duty(session)
    if lonely:
        found.append(
            _(
                "Nobody is named to the customers of: %(names)s. Invite people, and choose a duty person.",
                names=", ".join(lonely),
            )
        )
    return found


def _letters(session: Session, config: Mapping[str, Any]) -> list[str]:
    found = []
    if not config["SMTP_URL"]:
        found.append(
            _(
                "No mail leaves this installation (SMTP_URL is not set): links are shown here, to be printed or handed over."
            )
        )
    failed = session.scalar(select(func.count()).where(Letter.status == "failed")) or 0
    if failed:
        found.append(ngettext("%(num)d letter could not be sent.", "%(num)d letters could not be sent.", failed))
    waiting = session.scalar(select(func.count()).where(Letter.status == "waiting")) or 0
    if waiting and not config["SMTP_URL"]:
        found.append(ngettext("%(num)d letter waits to be sent.", "%(num)d letters wait to be sent.", waiting))
    return found


def _address(session: Session, config: Mapping[str, Any]) -> list[str]:
    found = []
    public = not is_loopback_address(config["DOLEANCE_URL"])
    said = installation(session)
    if said is not None and said.address and said.address != config["DOLEANCE_URL"]:
        found.append(
            _(
                "You said that people reach %(said)s, but the program was started for %(address)s: start it with DOLEANCE_URL=%(said)s.",
                said=said.address,
                address=config["DOLEANCE_URL"],
            )
        )
    if public and urlsplit(config["DOLEANCE_URL"]).scheme != "https":
        found.append(
            _("The address %(address)s is not encrypted: put https in front of it.", address=config["DOLEANCE_URL"])
        )
    if public and has_demo(session):
        found.append(_("Invented stories stand at a public address: flask demo --remove takes them out."))
    return found


def has_demo(session: Session) -> bool:
    """Whether there is demo data."""
    return session.scalars(select(Organisation.id).where(Organisation.demo).limit(1)).first() is not None
