"""The words of a text as the lexicon knows them: folded, without accents, handles, links and stretched letters."""

import re

from cx.themes.traced import Span, Step, Traced, applied, fold

_MENDED = {"ca": "can not", "wo": "will not", "sha": "shall not"}
_TOKEN = re.compile(r"[a-z]+|\d+(?:[.,:h]\d+)*|[.!?;\n…:]+|[€£$%]")
_APOSTROPHES = ("'", "`", "´")
_STEPS = (
    Step(re.compile("’"), "'", ("’",)),
    Step(re.compile(r"(?:https?://|www\.)\S+"), " url ", ("http", "www.")),
    Step(re.compile(r"@\w+"), " handle ", ("@",)),
    Step(re.compile(r"#(\w+)"), r" \1 ", ("#",)),
    Step(re.compile(r"\bca ?n['`´]t\b|\bca not\b"), "can not", ("can", "ca n", "ca not")),
    Step(re.compile(r"\bwo ?n['`´]t\b|\bwo not\b"), "will not", ("wo",)),
    Step(re.compile(r"n['`´]t\b"), " not", _APOSTROPHES),
    Step(re.compile(r"\b(ca|wo|sha) not\b"), lambda found: _MENDED[found.group(1)], ("a not", "o not")),
    Step(re.compile(r"([a-z!?.])\1{2,}"), r"\1\1"),
    Step(re.compile("'"), " ", ("'",)),
)

# Spellings without apostrophe, as people type them on a telephone.
SHORT = {
    "do": "dont", "does": "doesnt", "did": "didnt", "can": "cant", "could": "couldnt", "will": "wont",
    "would": "wouldnt", "is": "isnt", "was": "wasnt", "are": "arent", "were": "werent", "have": "havent",
    "has": "hasnt", "had": "hadnt", "should": "shouldnt",
}  # fmt: skip


def folded(text: str) -> str:
    """Return `text` in lower case without accents; "don't" becomes "do not", other apostrophes separate words."""
    return applied(fold(text), _STEPS)


def tokens(text: str) -> list[str]:
    """Return the words, numbers, ends of sentences and signs of money of `text`, in order."""
    return _TOKEN.findall(folded(text))


def tokens_of_folded(text: str) -> list[str]:
    """Return the tokens of a text that was folded already."""
    return _TOKEN.findall(applied(text, _STEPS))


def traced_tokens(text: str, offset: int) -> list[tuple[str, Span]]:
    """Return the tokens of `text` and where they stand in the longer text whose character `offset` it begins."""
    return Traced(text, offset).apply(_STEPS).found(_TOKEN)


def spellings(form: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Return an English form in every spelling of its "not": do not, dont, cannot.

    A form that begins with "not" also follows any auxiliary: "not answer" is found in "didnt answer".
    """
    found = {form}
    for at in range(len(form) - 1):
        if form[at + 1] == "not" and form[at] in SHORT:
            found.add((*form[:at], SHORT[form[at]], *form[at + 2 :]))
        if form[at : at + 2] == ("can", "not"):
            found.add((*form[:at], "cannot", *form[at + 2 :]))
    if form[0] == "not" and len(form) > 1:
        found |= {(word, *form[1:]) for word in (*SHORT.values(), "cannot")}
    return found
