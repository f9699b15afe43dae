"""How letters are worded, in both languages. A letter says that something happened and where to read it, never what:
mail is read by more people than its addressee, and an address may have been mistyped or belong to a stranger.

For the same reason nothing that a customer typed, not even a name, stands in a letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date

LANGUAGES = ("fr", "en")
LOCALES = {"fr": "fr_FR", "en": "en_GB"}


@dataclass(frozen=True, slots=True)
class Worded:
    """A letter in words: one line as its subject, and the text."""

    subject: str
    text: str


# Kind → (subject, what happened). {reference}, {organisation}, {person}, {due} are filled in; a sentence between
# square brackets is left out when something that it names is missing.
_FRENCH: Mapping[str, tuple[str, str]] = {
    "received": (
        "Nous avons bien reçu votre récit ({reference})",
        (
            "Votre récit est enregistré sous la référence {reference}.[ Il s’adresse à : {organisation}.]"
            "[ Une réponse est attendue au plus tard le {due}.]"
        ),
    ),
    "acknowledged": (
        "Une personne s’occupe de votre dossier ({reference})",
        "[{person} s’occupe de votre dossier et vous a écrit.][ Date annoncée : {due}.]",
    ),
    "started": ("Votre dossier avance ({reference})", "[{person} examine votre dossier.]"),
    "asked": (
        "On vous pose une question ({reference})",
        (
            "[{person} vous pose une question.] Votre réponse fera avancer le dossier ; rien ne se ferme si vous prenez "
            "votre temps."
        ),
    ),
    "offered": (
        "Une proposition vous attend ({reference})",
        "[{person} vous fait une proposition.] Vous pouvez l’accepter, la refuser ou poser une question.",
    ),
    "final_position_given": (
        "La réponse définitive est arrivée ({reference})",
        (
            "L’organisation a donné sa réponse définitive. La page dit aussi à qui vous adresser ensuite, jusqu’à quand, "
            "et si c’est gratuit."
        ),
    ),
    "written": ("Un nouveau message vous attend ({reference})", "[{person} vous a écrit.]"),
    "performed_proposed": (
        "Est-ce fait ? ({reference})",
        "L’organisation dit avoir fait ce qui était convenu. Vous seul·e pouvez le confirmer.",
    ),
    "improved": (
        "La proposition est retirée, une autre suit ({reference})",
        "[{person} revoit sa proposition.] L’ancienne ne peut plus être acceptée.",
    ),
    "redirect_proposed": (
        "Faut-il s’adresser ailleurs ? ({reference})",
        "L’organisation pense qu’une autre est compétente. Rien n’est transmis sans votre accord.",
    ),
    "closed": ("Votre dossier est terminé ({reference})", "Le dossier est terminé. Vous pouvez le rouvrir."),
    "lapsed": (
        "Votre dossier s’est arrêté faute de nouvelles ({reference})",
        "Le dossier s’est arrêté faute de nouvelles de votre part. Vous pouvez le rouvrir.",
    ),
    "reopened": ("Votre dossier est rouvert ({reference})", "Le dossier est de nouveau à l’étude."),
    "invitation": (
        "Une invitation à rejoindre l’équipe",
        (
            "[{person} vous invite à lire les réclamations et à y répondre sur Doléance.][ Organisation : {organisation}.]"
            " Ce lien crée votre accès ; il sert une fois."
        ),
    ),
    "password_reset": (
        "Choisir un nouveau mot de passe",
        (
            "Quelqu’un, sans doute vous, a demandé un nouveau mot de passe. Sans cette demande, laissez ce courrier de "
            "côté : rien ne change."
        ),
    ),
    "test": ("Le courrier de Doléance fonctionne", "Ce courrier d’essai est arrivé : tout est bien réglé."),
}
_ENGLISH: Mapping[str, tuple[str, str]] = {
    "received": (
        "We have received your story ({reference})",
        (
            "Your story is kept under the reference {reference}.[ It is addressed to {organisation}.]"
            "[ An answer is expected by {due}.]"
        ),
    ),
    "acknowledged": (
        "Somebody is on your case ({reference})",
        "[{person} is looking after your case and has written to you.][ Date announced: {due}.]",
    ),
    "started": ("Your case is moving ({reference})", "[{person} is looking into your case.]"),
    "asked": (
        "There is a question for you ({reference})",
        "[{person} asks you something.] Your answer moves the case on; nothing closes while you take your time.",
    ),
    "offered": (
        "There is an offer for you ({reference})",
        "[{person} makes you an offer.] You can accept it, refuse it or ask about it.",
    ),
    "final_position_given": (
        "Their final answer has come ({reference})",
        (
            "The organisation has given its final answer. The page also says where you can turn next, until when, and "
            "whether it is free."
        ),
    ),
    "written": ("There is a new message for you ({reference})", "[{person} has written to you.]"),
    "performed_proposed": (
        "Has it been done? ({reference})",
        "The organisation says that it did what was agreed. Only you can confirm it.",
    ),
    "improved": (
        "The offer is withdrawn, another follows ({reference})",
        "[{person} is reconsidering the offer.] The earlier one can no longer be accepted.",
    ),
    "redirect_proposed": (
        "Is this one for somebody else? ({reference})",
        "The organisation thinks that another one is responsible. Nothing is passed on unless you agree.",
    ),
    "closed": ("Your case has ended ({reference})", "The case has ended. You can reopen it."),
    "lapsed": (
        "Your case ended without news from you ({reference})",
        "The case has ended because there was no news from you. You can reopen it.",
    ),
    "reopened": ("Your case is open again ({reference})", "The case is being looked into again."),
    "invitation": (
        "An invitation to join the team",
        (
            "[{person} invites you to read complaints and answer them on Doléance.][ Organisation: {organisation}.]"
            " This link makes your account; it works once."
        ),
    ),
    "password_reset": (
        "Choose a new password",
        "Somebody, probably you, asked for a new password. If it was not you, leave this letter aside: nothing changes.",
    ),
    "test": ("Letters from Doléance arrive", "This test letter has arrived: everything is set up well."),
}
_KINDS = {"fr": _FRENCH, "en": _ENGLISH}
KINDS = frozenset(_FRENCH)

_FRAME = {
    "fr": {
        "hello": "Bonjour,",
        "case": "Tout se lit et se répond sur votre page. Ce lien n’ouvre que votre dossier, gardez-le pour vous :",
        "link": "Voici le lien :",
        "bye": "Doléance\nCe courrier est écrit par une machine et n’attend pas de réponse ; des personnes lisent votre page.",
    },
    "en": {
        "hello": "Hello,",
        "case": "Read and answer everything on your page. This link opens your case only, keep it to yourself:",
        "link": "Here is the link:",
        "bye": "Doléance\nA machine wrote this letter and expects no answer; people read your page.",
    },
}


def word(kind: str, language: str, data: Mapping[str, Any], base: str) -> Worded:
    """The letter `kind`. `base` is the address of the installation; `data` as the letter's row holds it.

    A kind without words of its own is worded as a new message. A language that we do not write is French.
    """
    language = language if language in LANGUAGES else LANGUAGES[0]
    subject, body = _KINDS[language].get(kind, _KINDS[language]["written"])
    values = _values(data, language)
    frame = _FRAME[language]
    parts = [frame["hello"], _filled(body, values).strip()]
    link = link_of(data, base)
    if link:
        parts.append(f"{frame['case' if values['reference'] else 'link']}\n{link}")
    parts.append(frame["bye"])
    return Worded(" ".join(_filled(subject, values).split()), "\n\n".join(part for part in parts if part) + "\n")


def link_of(data: Mapping[str, Any], base: str) -> str:
    """Where the letter leads: the page of the case, or the `path` that the letter names; empty without a secret."""
    secret = str(data.get("secret") or "")
    return f"{base}{data.get('path') or '/k/'}{secret}" if secret else ""


def _values(data: Mapping[str, Any], language: str) -> dict[str, str]:
    values = {name: " ".join(str(data.get(name) or "").split()) for name in ("reference", "organisation", "person")}
    function = " ".join(str(data.get("function") or "").split())
    if values["person"] and function:
        values["person"] += f", {function},"
    values["due"] = _day(str(data.get("due") or ""), language)
    return values


def _day(value: str, language: str) -> str:
    try:
        return format_date(date.fromisoformat(value), "d MMMM y", locale=LOCALES[language])
    except ValueError:
        return ""


def _filled(sentence: str, values: Mapping[str, str]) -> str:
    """Fill in the names; a bracketed sentence goes when one of its names is empty. Values are never read as patterns."""
    done: list[str] = []
    for part in sentence.replace("]", "[").split("["):
        names = [name for name in values if f"{{{name}}}" in part]
        optional = f"[{part}]" in sentence
        if optional and not all(values[name] for name in names):
            continue
        done.append(part.format_map({name: values[name] for name in names}))
    return "".join(done)
