"""Letters of this room: written only when the installation sends mail; otherwise links are shown and printed."""

from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from cx.accounts.links import invitation_secret, reset_secret
from cx.disputes.workbench import Notice
from cx.web.bench import bench
from models import Account, Invitation, Organisation, OrganisationClaim


def mail_is_set_up() -> bool:
    """Whether letters leave this installation."""
    return bool(current_app.config["SMTP_URL"])


def send_invitation(session: Session, invitation: Invitation, language: str, host: str, at: datetime) -> bool:
    """Write the letter of an invitation, if it has an address and mail is set up; says whether it did."""
    if not invitation.email or not mail_is_set_up():
        return False
    organisation = session.get(Organisation, invitation.organisation_id) if invitation.organisation_id else None
    data = {
        "path": "/accounts/invitation/",
        "secret": invitation_secret(invitation),
        "name": invitation.name,
        "person": host,
        "organisation": organisation.name if organisation else "",
        "role": invitation.role,
    }
    bench().notify(session, None, Notice("invitation", invitation.email, language, at, data))
    return True


def send_claim_refused(session: Session, claim: OrganisationClaim, token: str, at: datetime) -> bool:
    """Write to whoever claimed an organisation that it was not believed; the reason stands on the page of the claim."""
    if not mail_is_set_up():
        return False
    organisation = session.get_one(Organisation, claim.organisation_id)
    data = {"path": "/organisations/claims/", "secret": token, "organisation": organisation.name}
    bench().notify(session, None, Notice("claim_refused", claim.email, claim.language, at, data))
    return True


def send_reset(session: Session, account: Account, at: datetime) -> None:
    """Write the letter with the link to a new password."""
    data = {"path": "/accounts/reset/", "secret": reset_secret(account), "name": account.name}
    bench().notify(session, None, Notice("password_reset", account.email, account.language, at, data))


def send_test(session: Session, account: Account, language: str, at: datetime) -> None:
    """Write a letter that only says that letters arrive, to the person who asks for it."""
    bench().notify(session, None, Notice("test", account.email, language, at, {}))
