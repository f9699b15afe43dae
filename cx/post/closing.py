"""The last lines of a letter: whether it can be answered by mail, and how reminders are stopped."""

from collections.abc import Mapping

_SAID: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "answer": (
            "Vous pouvez aussi répondre à ce courrier : ce que vous écrivez arrive sur votre page, sans les pièces jointes."
        ),
        "no answer": "Merci de ne pas répondre à ce courrier : personne ne recevrait votre réponse.",
        "stop": "Ne plus recevoir de rappels :",
    },
    "en": {
        "answer": "You can also answer this letter: what you write arrives on your page, without attachments.",
        "no answer": "Please do not answer this letter: nobody would receive it.",
        "stop": "No more reminders:",
    },
}


def closing(text: str, language: str, *, answerable: bool, stop_link: str = "") -> str:
    """The text of a letter with its last lines."""
    said = _SAID.get(language, _SAID["fr"])
    lines = [said["answer" if answerable else "no answer"]]
    if stop_link:
        lines.append(f"{said['stop']}\n{stop_link}")
    return "\n\n".join([text.rstrip("\n"), *lines]) + "\n"
