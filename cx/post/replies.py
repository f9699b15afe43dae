"""Mail that comes in, read with distrust: what kind it is, for whom, and the words that are new in it.

Nothing here believes a header. Everything is bounded before it is parsed, because a hostile mail costs its sender
nothing: bytes, parts, header lines, the length of a line.
"""

import codecs
import email
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message as Mime
from email.policy import compat32
from html import unescape

from mailparser_reply.parser import EmailMessage as Conversation

MOST_BYTES = 1_000_000
MOST_HEADER_BYTES, MOST_HEADER_LINES = 100_000, 1_000
MOST_PARTS = 60
MOST_PARAMETERS = 100
MOST_TEXT = 60_000
# Our own letters end so (`cx.post.outbox`).
OWN_ID = "@doleance"
# Codecs that Python knows and no mail program writes; some take quadratic time.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})

_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply"})
_ROBOTS = re.compile(r"(?:^|[<\s\"])(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply)@", re.IGNORECASE)
_AUTOMATIC = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply-From",
    "List-Id",
    "List-Unsubscribe",
    "X-Loop",
    "Feedback-ID",
)
_ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


class Unreadable(Exception):
    """A mail that is taken apart no further: too many parts, headers without end, nonsense."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail as far as we look at it.

    `digest` tells it from every other; `robot` says why nobody wrote it (`auto`, `loop`), else empty; `addressed` are
    the raw headers that name recipients; `text` is what is new in it; `returned` names the letters of ours that it
    reports as undeliverable for good (their Message-IDs).
    """

    digest: str
    robot: str
    addressed: str
    text: str
    returned: tuple[str, ...] = ()


def digest_of(raw: bytes) -> str:
    """The SHA-256 of the Message-ID, or of the whole mail when it has none."""
    # Below the headers a forwarded letter may stand with a number of its own.
    found = re.search(rb"(?im)^message-id:[ \t]*(?:\r?\n[ \t]+)?(\S{1,900})", _head(raw)[:MOST_HEADER_BYTES])
    return hashlib.sha256(found[1] if found else raw).hexdigest()


def _head(raw: bytes) -> bytes:
    """The headers: what stands before the first empty line."""
    end = re.search(rb"\n\r?\n", raw)
    return raw if end is None else raw[: end.start()]


def read(raw: bytes) -> Incoming:
    """Take a mail apart. Raises Unreadable; never takes long, whatever the mail."""
    _bounded(raw)
    try:
        mail = email.message_from_bytes(raw, policy=compat32)
        robot = _robot(mail)
        addressed = "\n".join(_header(mail, name) for name in _ADDRESSED)
        text = "" if robot else new_words(_text_of(mail))
        returned = _returned(mail, raw) if robot else ()
    except (ValueError, LookupError, AssertionError, RecursionError, TypeError, AttributeError, KeyError) as error:
        # The library was not written for enemies: whatever it stumbles over is the mail's fault.
        raise Unreadable(type(error).__name__) from error
    return Incoming(digest_of(raw), robot, addressed, text, returned)


def _bounded(raw: bytes) -> None:
    if len(raw) > MOST_BYTES:
        raise Unreadable("too many bytes")
    head = _head(raw)
    if len(head) > MOST_HEADER_BYTES or head.count(b"\n") > MOST_HEADER_LINES:
        raise Unreadable("headers without end")
    if len(re.findall(rb"(?i)content-type\s*:|boundary\s*=", raw)) > 2 * MOST_PARTS:
        raise Unreadable("parts without end")
    # The library counts the quotes before each semicolon anew.
    contents = re.findall(rb"(?im)^content-[a-z-]+:[^\n]*(?:\n[ \t][^\n]*)*", raw)
    if any(one.count(b";") > MOST_PARAMETERS for one in contents):
        raise Unreadable("parameters without end")


def _header(mail: Mime, name: str) -> str:
    return "\n".join(str(value) for value in mail.get_all(name, ()))[:20_000]


def _robot(mail: Mime) -> str:
    if OWN_ID in _header(mail, "Message-ID"):
        return "loop"
    said = _header(mail, "Auto-Submitted").strip().lower()
    if said and not said.startswith("no"):
        return "auto"
    if _header(mail, "Precedence").strip().lower() in _PRECEDENCE or any(_header(mail, name) for name in _AUTOMATIC):
        return "auto"
    null_sender = any(value.strip() == "<>" for value in _header(mail, "Return-Path").splitlines())
    if null_sender or mail.get_content_type() in {"multipart/report", "message/delivery-status"}:
        return "auto"
    return "auto" if _ROBOTS.search(_header(mail, "From")) else ""


def _returned(mail: Mime, raw: bytes) -> tuple[str, ...]:
    """Our letters that a report of delivery gives up. Only who has a letter knows its number of 122 random bits."""
    report = mail.get_content_type() == "multipart/report"
    if not report or not re.search(rb"(?im)^action:[ \t]*failed\b", raw):
        return ()
    found = re.findall(rb"(?im)^message-id:[ \t]*<([0-9a-f]{32}@doleance)>", raw)
    return tuple(dict.fromkeys(one.decode("ascii") for one in found))[:5]


# ---- the text ----------------------------------------------------------------------------------------------------


def _parts(mail: Mime) -> Iterator[Mime]:
    for number, part in enumerate(mail.walk()):
        if number >= MOST_PARTS:
            return
        if part.is_multipart() or "attachment" in _header(part, "Content-Disposition").lower():
            continue
        yield part


def _text_of(mail: Mime) -> str:
    """The first plain text of a mail, else the words of its first HTML."""
    html = ""
    for part in _parts(mail):
        kind = part.get_content_type()
        if kind == "text/plain":
            text = _decoded(part)
            if text.strip():
                return text
        elif kind == "text/html" and not html:
            html = _decoded(part)
    return _words_of(html) if html else ""


def _decoded(part: Mime) -> str:
    body = part.get_payload(decode=True)
    if not isinstance(body, bytes):
        return ""
    body = body[: 4 * MOST_TEXT]
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            if codecs.lookup(charset).name not in _NO_CHARSETS:
                return body.decode(charset)
        except (LookupError, UnicodeError, ValueError):
            continue
    return body.decode("cp1252", "replace")


_SILENT = frozenset({"script", "style", "head", "title", "blockquote", "template"})
_BREAKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3"})
_CODE = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style")}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)|<[/!?]")


def _words_of(html: str) -> str:
    """The words of HTML, without what is quoted, styled or scripted.

    Goes once from the beginning to the end: the parser of the library takes minutes for tags that never end.
    """
    html, place, silent = html[: 4 * MOST_TEXT], 0, 0
    words: list[str] = []

    def say(text: str) -> None:
        if not silent:
            words.append(re.sub(r"\s+", " ", unescape(text)))

    while (tag := _TAG.search(html, place)) is not None:
        comment = html.startswith("<!--", tag.start())
        end = html.find("-->" if comment else ">", tag.start() + 4 * comment)
        if end < 0 and not comment:
            break  # not a tag after all: somebody wrote "x <y"
        say(html[place : tag.start()])
        name = (tag[2] or "").lower()
        if name in _SILENT:
            silent = max(0, silent - 1) if tag[1] else silent + 1
        elif name == "p" or (name in _BREAKS and not tag[1]):
            words.append("\n")
        place = len(html) if end < 0 else html.index(">", end) + 1
        if name in _CODE and not tag[1]:
            over = _CODE[name].search(html, place)
            place = len(html) if over is None else over.start()
    say(html[place:])
    return "".join(words)


# ---- what is new in it -------------------------------------------------------------------------------------------

# Said by telephones and programs below a text; two dashes are the old sign for a signature.
_SENT_FROM = re.compile(
    r"(?i)(?:envoy[ée]+? (?:de|depuis|à partir de) (?:mon|ma|l[’']|outlook|yahoo|gmail|courrier)|sent (?:from|via) (?:my|the|outlook|yahoo|mail|gmail)"
    r"|obtenez outlook pour|télécharger? outlook|get outlook for|t[ée]l[ée]charger? outlook)\b.{0,80}"
)
# Headers of quoted mail that the library does not know in French (narrow spaces, « a écrit » on a second line).
_WROTE = re.compile(
    r"(?im)^[> ]*(?:le|on)\b[^\n]{4,200}(?:\n[^\n]{0,160})?(?:a[ \u00a0\u202f]+écrit|wrote)[ \u00a0\u202f]*:[ \t]*$"
    r"|^[ \t]*-{2,}[ ]*(?:message d[’']origine|message transféré|original message|forwarded message)[ ]*-{2,}[ \t]*$"
    r"|^_{16,}[ \t]*$"
)
_LONG_LINE = 300


def new_words(text: str) -> str:
    """What the person wrote now: without the letter that is quoted below (or above) and without a signature."""
    text = _tidy(text)
    head, tail = _cut(text)
    kept = head if head.strip() else _below(tail)
    lines = [line for line in kept.split("\n") if not line.startswith(">")]
    for number, line in enumerate(lines):
        if line.rstrip() == "--" or (number and _SENT_FROM.fullmatch(line.strip())):
            del lines[number:]
            break
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _tidy(text: str) -> str:
    plain = text[:MOST_TEXT].replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    # Some charsets spell halves of characters, which no database takes.
    plain = plain.encode("utf-8", "ignore").decode("utf-8")
    lines = [line.rstrip() for line in plain.split("\n")]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).strip()


def _cut(text: str) -> tuple[str, str]:
    """The text before the first header of a quoted mail, and the rest.

    Long lines are looked at by their beginning only: the patterns of the library take quadratic time on them.
    """
    lines = text.split("\n")
    short = "\n".join(line[:_LONG_LINE] for line in lines)
    places = [
        found.start() for pattern in (_WROTE, _library()) for found in pattern.finditer(short) if _is_header(found[0])
    ]
    if not places:
        return text, ""
    first = min(places)
    # The library's pattern may begin with the line break before the header.
    number = short.count("\n", 0, first) + (short[first : first + 1] == "\n")
    return "\n".join(lines[:number]), "\n".join(lines[number:])


def _is_header(line: str) -> bool:
    """Whether "on … wrote:" was set by a program, which names an address or a time; people quote people too."""
    return ("wrote" not in line.lower() and "écrit" not in line) or bool(re.search(r"@|\d{1,2}[:hH.]\d{2}", line))


def _library() -> re.Pattern[str]:
    pattern = Conversation(text="", languages=["fr", "en"]).HEADER_REGEX
    assert isinstance(pattern, re.Pattern)
    return pattern


def _below(quoted: str) -> str:
    """What stands below a quoted letter, for people who answer at the end: the lines after the last quoted one."""
    lines = quoted.split("\n")
    marked = [number for number, line in enumerate(lines) if line.startswith(">")]
    return "\n".join(lines[marked[-1] + 1 :]) if marked else ""
