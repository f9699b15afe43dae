"""Outgoing mail: where to send (`SMTP_URL`), a message with one recipient and nothing smuggled in, and what an
answer of the server means for the letter.

`smtp://user:password@host:587` (STARTTLS wherever the server offers it), `smtps://host:465` (TLS from the first
byte); `?from=address` sets the sender, which otherwise is `doleance@` the host of the installation.
"""

import re
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

SECONDS = 15.0
# RFC 5321: the server closes the connection, whatever it was asked.
GOING_AWAY = 421
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# One recipient as we write it: no blanks, no quotes, no second address, nothing that ends a header.
_ADDRESS = re.compile(r"[^\s@<>,;:\"\\()\[\]\x00-\x1f\x7f]{1,64}@[^\s@<>,;:\"\\()\[\]\x00-\x1f\x7f]{1,255}")


class _Policy(EmailPolicy):
    """How a message is written down: as SMTP asks, but an address of the web stays whole on its line.

    The library would hide a long one in encoded words, where no mail program looks for it.
    """

    def fold(self, name: str, value: Any) -> str:
        """One header, folded."""
        if name.lower() == "list-unsubscribe":
            return f"{name}: {value}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same in bytes."""
        if name.lower() == "list-unsubscribe":
            return self.fold(name, value).encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep=SMTP.linesep)


class MailRefused(Exception):
    """The letter was not taken. `permanent` says that trying again is in vain; the message is for the operator."""

    def __init__(self, sentence: str, *, permanent: bool) -> None:
        """Keep the sentence short: it goes into a column."""
        super().__init__(sentence[:200])
        self.permanent = permanent


class ServerAway(MailRefused):
    """The server itself cannot be used now: it is no fault of the letter, and the next letter need not try."""

    def __init__(self, sentence: str) -> None:
        """Always temporary."""
        super().__init__(sentence, permanent=False)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters go. `wrapped` is TLS from the first byte."""

    host: str
    port: int
    wrapped: bool
    user: str = ""
    password: str = ""
    sender: str = ""

    @classmethod
    def from_url(cls, url: str, base: str) -> "MailServer":
        """Read `SMTP_URL`; `base` is the address of the installation. Raises ValueError with a sentence."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            message = "SMTP_URL must look like smtp://user:password@host:587 or smtps://host:465."
            raise ValueError(message)
        wrapped = parts.scheme == "smtps"
        user = unquote(parts.username or "")
        given = parse_qs(parts.query).get("from", [""])[0]
        host = urlsplit(base).hostname or "localhost"
        default = user if _ADDRESS.fullmatch(user) else f"doleance@{host}"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if wrapped else 25),
            wrapped=wrapped,
            user=user,
            password=unquote(parts.password or ""),
            sender=given or default,
        )


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter in words with what stands on its envelope. `message_id` is the same at every try.

    `reply_to` is the signed address for answers, `stop_link` what stops such letters (RFC 8058); empty where there is
    none.
    """

    address: str
    subject: str
    text: str
    language: str
    message_id: str
    written_at: datetime
    reply_to: str = ""
    stop_link: str = ""


def compose(letter: Posted, sender: str, name: str = "Doléance") -> EmailMessage:
    """The message, from `name`. Raises MailRefused for good when the address is not exactly one address."""
    if not _ADDRESS.fullmatch(letter.address) or len(letter.address) > 254:
        raise MailRefused("this is not one e-mail address", permanent=True)
    local, _, domain = letter.address.rpartition("@")
    try:
        message = EmailMessage(policy=_POLICY)
        message["From"] = Address(" ".join(name.split()), addr_spec=sender)
        message["To"] = Address(username=local, domain=domain.encode("idna").decode("ascii"))
        message["Subject"] = letter.subject
        message["Date"] = letter.written_at
        message["Message-ID"] = f"<{letter.message_id}>"
        message["Content-Language"] = letter.language
        # Robots must not answer robots.
        message["Auto-Submitted"] = "auto-generated"
        if letter.reply_to:
            message["Reply-To"] = Address(addr_spec=letter.reply_to)
        if letter.stop_link:
            message["List-Unsubscribe"] = f"<{letter.stop_link}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(letter.text)
    except (ValueError, UnicodeError) as error:
        raise MailRefused(f"the letter cannot be written: {error}", permanent=True) from error
    return message


def connect(server: MailServer) -> smtplib.SMTP:
    """An open connection, signed in when the server has a user. Raises ServerAway."""
    context = ssl.create_default_context()
    try:
        if server.wrapped:
            client: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
            client.ehlo()
            if client.has_extn("starttls") and server.host not in LOOPBACK:
                client.starttls(context=context)
            elif server.user and server.host not in LOOPBACK:
                client.close()
                raise ServerAway("the mail server offers no encryption, so the password was not sent")
        if server.user:
            client.login(server.user, server.password)
    except (smtplib.SMTPException, OSError) as error:
        raise ServerAway(f"the mail server cannot be used: {_said(error)}") from error
    return client


def hand_over(client: smtplib.SMTP, message: EmailMessage, sender: str, address: str) -> None:
    """Give one message to the server. Raises MailRefused, ServerAway when the connection broke."""
    local, _, domain = address.rpartition("@")
    recipient = f"{local}@{domain.encode('idna').decode('ascii')}"
    try:
        client.send_message(message, from_addr=sender, to_addrs=[recipient])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = error.recipients[recipient]
        if code == GOING_AWAY:
            raise ServerAway(f"the mail server ended the conversation: {code} {_text(said)}") from error
        raise MailRefused(f"{code} {_text(said)}", permanent=500 <= code < 600) from error
    except smtplib.SMTPSenderRefused as error:
        # The sender is a setting: the letter itself is sound.
        raise ServerAway(f"the sender was refused: {_said(error)}") from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailRefused(_said(error), permanent=True) from error
    except smtplib.SMTPResponseException as error:
        if error.smtp_code in {GOING_AWAY, -1}:
            raise ServerAway(f"the mail server ended the conversation: {_said(error)}") from error
        raise MailRefused(_said(error), permanent=500 <= error.smtp_code < 600) from error
    except (smtplib.SMTPException, OSError) as error:
        raise ServerAway(f"the connection broke: {_said(error)}") from error


def _text(said: bytes | str) -> str:
    return " ".join((said.decode("utf-8", "replace") if isinstance(said, bytes) else said).split())


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {_text(str(error))}"
