"""A private Dovecot for one test: its own folder, its own port, no rights. Debian: dovecot-imapd."""

import contextlib
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "reply@doleance.example.org", "a-plain-word"
CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{home}/mail
mail_uid = {user}
mail_gid = {group}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}
}}
service imap-login {{
  chroot =
  process_min_avail = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def program() -> str | None:
    """Where Dovecot is; None when it is not installed."""
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")


def _unprivileged() -> pwd.struct_passwd:
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid())
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("dovecot" if "dovecot" in names else "nobody")


@dataclass(frozen=True)
class Mailbox:
    """A running server with one mailbox."""

    port: int
    home: Path

    @property
    def url(self) -> str:
        """The address of the mailbox, as `IMAP_URL` has it."""
        return f"imap://{USER.replace('@', '%40')}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    def client(self) -> imaplib.IMAP4:
        """A signed-in connection."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(USER, PASSWORD)
        return client

    def deliver(self, *mails: bytes) -> None:
        """Put mails into the mailbox, unseen."""
        client = self.client()
        for mail in mails:
            client.append("INBOX", "", None, mail)  # type: ignore[arg-type]
        client.logout()

    def count(self, wanted: str = "ALL") -> int:
        """How many mails a search finds."""
        client = self.client()
        client.select("INBOX", readonly=True)
        found = client.search(None, wanted)[1][0].split()
        client.logout()
        return len(found)


@contextlib.contextmanager
def running() -> Iterator[Mailbox]:
    """A fresh server in the foreground, ended and removed afterwards."""
    found = program()
    assert found is not None, "Dovecot is not installed (Debian: dovecot-imapd)"
    who = _unprivileged()
    home = Path(tempfile.mkdtemp(prefix="doleance-dovecot-"))
    os.chown(home, who.pw_uid, who.pw_gid)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    group = subprocess.run(["id", "-gn", who.pw_name], capture_output=True, text=True, check=True).stdout.strip()
    configuration = home / "dovecot.conf"
    configuration.write_text(
        CONFIGURATION.format(home=home, user=who.pw_name, group=group, port=port, password=PASSWORD), encoding="ascii"
    )
    configuration.chmod(0o644)
    prefix = []
    if os.getuid() == 0:
        prefix = ["setpriv", f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}", "--clear-groups", "--"]
    with (home / "out").open("wb") as out:
        server = subprocess.Popen([*prefix, found, "-F", "-c", str(configuration)], cwd="/", stdout=out, stderr=out)
    try:
        _wait(server, port, home)
        yield Mailbox(port, home)
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=10)
        server.kill()
        server.wait()
        shutil.rmtree(home, ignore_errors=True)


def _wait(server: "subprocess.Popen[bytes]", port: int, home: Path) -> None:
    limit = time.monotonic() + 20
    while time.monotonic() < limit and server.poll() is None:
        with (
            contextlib.suppress(OSError, imaplib.IMAP4.error),
            socket.create_connection(("127.0.0.1", port), 1) as line,
        ):
            if line.recv(64).startswith(b"* OK"):
                return
        time.sleep(0.05)
    told = "\n".join(file.read_text(errors="replace") for file in (home / "out", home / "log") if file.exists())
    message = f"Dovecot does not answer: {told[-2000:]}"
    raise RuntimeError(message)
