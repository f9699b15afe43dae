"""The words of a text as the lexicon knows them: folded, without accents, handles, links and stretched letters."""

import re
import unicodedata

_URL = re.compile(r"(?:https?://|www\.)\S+")
_HANDLE = re.compile(r"@\w+")
_TAG = re.compile(r"#(\w+)")
_STRETCHED = re.compile(r"([a-z!?.])\1{2,}")
_CANNOT = re.compile(r"\bca ?n['`´]t\b|\bca not\b")
_WILL_NOT = re.compile(r"\bwo ?n['`´]t\b|\bwo not\b")
_NOT = re.compile(r"n['`´]t\b")
_TORN = re.compile(r"\b(ca|wo|sha) not\b")
_MENDED = {"ca": "can not", "wo": "will not", "sha": "shall not"}
_TOKEN = re.compile(r"[a-z]+|\d+(?:[.,:h]\d+)*|[.!?;\n…:]+|[€£$%]")

# Spellings without apostrophe, as people type them on a telephone.
SHORT = {
    "do": "dont", "does": "doesnt", "did": "didnt", "can": "cant", "could": "couldnt", "will": "wont",
    "would": "wouldnt", "is": "isnt", "was": "wasnt", "are": "arent", "were": "werent", "have": "havent",
    "has": "hasnt", "had": "hadnt", "should": "shouldnt",
}  # fmt: skip


def folded(text: str) -> str:
    """Return `text` in lower case without accents; "don't" becomes "do not", other apostrophes separate words."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign)).lower()
    plain = plain.replace("œ", "oe").replace("æ", "ae")
    plain = _TAG.sub(r" \1 ", _HANDLE.sub(" handle ", _URL.sub(" url ", plain)))
    plain = _NOT.sub(" not", _WILL_NOT.sub("will not", _CANNOT.sub("can not", plain)))
    plain = _TORN.sub(lambda found: _MENDED[found.group(1)], plain)
    return _STRETCHED.sub(r"\1\1", plain).replace("'", " ")


def tokens(text: str) -> list[str]:
    """Return the words, numbers, ends of sentences and signs of money of `text`, in order."""
    return _TOKEN.findall(folded(text))


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
