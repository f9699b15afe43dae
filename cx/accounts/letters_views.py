"""The mail of the installation, in numbers, and the letters that were given up. Nothing here shows a case or an address."""

from typing import Any

from flask import abort, current_app, redirect, render_template, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from cx.accounts import signin
from cx.accounts.admin_views import blueprint
from cx.accounts.letters import send_test
from cx.core.words import Role
from cx.post import undelivered
from cx.post.inbox import Inbox
from cx.post.transport import MailServer
from cx.post.wording import summary
from cx.web import notice
from cx.web.database import reading, writing
from cx.web.doors import door
from cx.web.language import language
from cx.web.visitors import visitor
from models import Account

# What became of a mail that came in, in the order in which the page names it.
OUTCOMES: dict[str, LazyString] = {
    "taken": _l("filed under their case"),
    "unsigned": _l("without a signed address: left in the mailbox, nothing granted"),
    "stale": _l("too long after the end of the case"),
    "auto": _l("automatic: out-of-office notes, lists, returned letters"),
    "loop": _l("our own letters, or too many in an hour"),
    "empty": _l("without a word of their own"),
    "too_big": _l("larger than one megabyte"),
    "unreadable": _l("not readable"),
}


@blueprint.get("/letters")
@door(Role.ADMIN)
def letters() -> str:
    """What leaves, what waits, what came back, what came in."""
    session = reading()
    lines = [(one, summary(one.kind, language(), {})) for one in undelivered.given_up(session)]
    return render_template(
        "accounts/letters.html",
        traffic=undelivered.traffic(session, signin.now()),
        lines=lines,
        outcomes=OUTCOMES,
        **_settings(),
    )


def _settings() -> dict[str, Any]:
    """Where letters go and where answers are read, without passwords; `wrong` names a setting that cannot be read."""
    config, found = current_app.config, {"sends": "", "receives": "", "wrong": ""}
    sender = ""
    try:
        if config["SMTP_URL"]:
            server = MailServer.from_url(config["SMTP_URL"], config["DOLEANCE_URL"])
            sender = server.sender
            found["sends"] = _("to %(host)s, from %(sender)s", host=f"{server.host}:{server.port}", sender=sender)
    except ValueError:
        found["wrong"] = "SMTP_URL"
    try:
        if config["IMAP_URL"]:
            box = Inbox.from_url(config["IMAP_URL"], sender)
            found["receives"] = _("%(address)s, at %(host)s", address=box.address, host=f"{box.host}:{box.port}")
    except ValueError:
        found["wrong"] = found["wrong"] or "IMAP_URL"
    return found


@blueprint.post("/letters/test")
@door(Role.ADMIN, writes=True)
def letter_test() -> Response:
    """Write a test letter to whoever asks for it."""
    with writing() as session:
        me = session.get_one(Account, visitor().account_id)
        send_test(session, me, language(), signin.now())
        address = me.email
    notice.say(_("A test letter is on its way to %(address)s.", address=address))
    return redirect(url_for("admin.letters"), 303)


@blueprint.post("/letters/<int:number>/again")
@door(Role.ADMIN, writes=True)
def letter_again(number: int) -> Response:
    """Try a letter again that was given up."""
    with writing() as session:
        tried = undelivered.try_again(session, number, signin.now()) if number < 2**63 else 0
    if not tried:
        abort(404)
    notice.say(_("The letter will be tried again."))
    return redirect(url_for("admin.letters"), 303)
