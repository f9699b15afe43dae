"""Where a theme is told: the sentences of a text; `story` pairs neighbours.

A theme is one or two sentences of a story (rule R2: no span, no label), so every span is scored by itself, and the
best one speaks for the story.
"""

import re

Span = tuple[int, int]

_SENTENCE = re.compile(r"[^.!?;\n…]+[.!?;\n…]*")
# Furious people write without full stops: a longer run is cut at a blank.
LONGEST = 300
_CUT = 250
# "Bonjour." or "Ok !" tells nothing by itself.
SHORTEST = 15


def sentences(text: str) -> list[Span]:
    """Return the sentences of `text` as (start, end); the whole text if it has none."""
    pieces = [
        piece for found in _SENTENCE.finditer(text) if found.group().strip() for piece in _cut(text, found.span())
    ]
    joined: list[Span] = []
    for start, end in pieces:
        if joined and min(end - start, joined[-1][1] - joined[-1][0]) < SHORTEST:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined or [(0, len(text))]


def _cut(text: str, span: Span) -> list[Span]:
    start, end = span
    pieces: list[Span] = []
    while end - start > LONGEST:
        blank = text.rfind(" ", start, start + _CUT)
        border = blank if blank > start else start + _CUT
        pieces.append((start, border))
        start = border
    return [*pieces, (start, end)]
