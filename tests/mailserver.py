"""A mail server for tests that refuses, hangs and drops as it is told, and keeps what arrived."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from cx.post.transport import MailServer

# Long enough to tempt whoever folds headers.
BASE = "https://complaints-and-disputes.a-rather-long-name.doleance.example.org"


class Sink:
    """A mail server for tests. `answers` are given to RCPT one after the other; `taken` keeps what arrived."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.recipients: list[list[str]] = []
        self.raw: list[bytes] = []
        self.answers: list[str] = []
        self.after_data: list[str] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == "hang":
            await asyncio.sleep(2)
        elif answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        self.raw.append(envelope.content)
        self.taken.append(str(mail["Message-ID"]))
        self.recipients.append(list(envelope.rcpt_tos))
        answer = self.after_data.pop(0) if self.after_data else "250 OK"
        if answer == "drop":
            assert server.transport is not None
            server.transport.close()
        return answer


@contextmanager
def serving(sink: Sink) -> Iterator[MailServer]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield MailServer.from_url(f"smtp://127.0.0.1:{port}", BASE)
    finally:
        controller.stop()
