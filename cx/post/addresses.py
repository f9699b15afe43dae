"""Addresses that mean something: where an answer to a letter goes, and the link that stops reminders.

Both carry a token that only this installation can make: HMAC-SHA256 of what it is for, the case, and the address to
which the letter went. A token from another letter, case or person never fits; nothing is stored for it.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

# Kinds of letters that only remind. A person may stop them; letters about answers, dates and rights always go.
REMINDERS = frozenset({"question_reminder", "offer_reminder", "offer_ends", "redress_unpaid"})

_MAC_BYTES = 15  # 24 letters in base 32, 120 bits: nobody guesses one
_TOKEN = re.compile(r"([a-z2-7]{2,13})-([a-z2-7]{24})")


def _spelled(data: bytes) -> str:
    """Base 32 in small letters: mail servers may change the case of an address, so it must not matter."""
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes and reads tokens with the secret of the installation."""

    secret: str

    def _mac(self, purpose: str, case_id: int, address: str) -> str:
        said = f"{purpose}\n{case_id}\n{address.casefold()}".encode()
        return _spelled(hmac.new(self.secret.encode(), said, hashlib.sha256).digest()[:_MAC_BYTES])

    def token(self, purpose: str, case_id: int, address: str) -> str:
        """The token of one purpose for the case and the address: `<case>-<proof>`."""
        number = _spelled(case_id.to_bytes(max(1, (case_id.bit_length() + 7) // 8), "big"))
        return f"{number}-{self._mac(purpose, case_id, address)}"

    def fits(self, token: str, purpose: str, address: str) -> bool:
        """Whether `token` was made for this purpose and address."""
        case_id = case_of(token)
        if case_id is None:
            return False
        return hmac.compare_digest(token.lower().rpartition("-")[2], self._mac(purpose, case_id, address))


def case_of(token: str) -> int | None:
    """The case that a token names, proven or not; None when it is no token."""
    found = _TOKEN.fullmatch(token.lower()[:64])
    if found is None:
        return None
    number = found[1].upper()
    try:
        case_id = int.from_bytes(base64.b32decode(number + "=" * (-len(number) % 8)), "big")
    except ValueError:
        return None
    return case_id if 0 < case_id < 2**63 else None


REPLY, STOP = "reply", "stop"


@dataclass(frozen=True, slots=True)
class Mailing:
    """What letters need of the installation beside their words.

    `base` is its address without a slash at the end; `inbox` the address at which answers arrive, empty when none do;
    `first_letters` how many letters an hour may go to addresses that nobody has confirmed; `name` is who they come from.
    """

    base: str
    signer: Signer | None = None
    inbox: str = ""
    first_letters: int = 300
    name: str = "Doléance"

    def reply_to(self, case_id: int | None, address: str) -> str:
        """Where an answer to a letter about this case goes: the inbox, with a token. Empty when none can be read."""
        if self.signer is None or case_id is None or not self.inbox:
            return ""
        local, _, domain = self.inbox.rpartition("@")
        return f"{local}+{self.signer.token(REPLY, case_id, address)}@{domain}"

    def stop_link(self, kind: str, case_id: int | None, address: str) -> str:
        """The link of a reminder that stops reminders; empty for letters that cannot be stopped."""
        if self.signer is None or case_id is None or kind not in REMINDERS:
            return ""
        return f"{self.base}/letters/stop/{self.signer.token(STOP, case_id, address)}"


def tokens_to(inbox: str, headers: str) -> list[str]:
    """The tokens in the addresses that begin with the inbox's name, in the order in which they stand in `headers`."""
    local, _, domain = inbox.rpartition("@")
    wanted = re.compile(
        rf"(?<![\w.+-]){re.escape(local)}\+([a-z2-7]{{2,13}}-[a-z2-7]{{24}})@{re.escape(domain)}(?![\w.-])",
        re.IGNORECASE,
    )
    return list(dict.fromkeys(one.lower() for one in wanted.findall(headers)))
