"""Where the eight stories tell their themes, marked by whoever wrote them: it stands in where the reader saw nothing.

A demo shows a page at its best: a theme that people confirm there is underlined in the story, whichever reader is fitted.
"""

from collections.abc import Mapping
from dataclasses import replace

from cx.core.incident import Reading, Reason
from cx.core.words import Theme

# As likely as the reader would say of a theme that it only suggests.
PERHAPS = 0.5


def marked(reading: Reading, text: str, words: Mapping[Theme, str]) -> Reading:
    """The reading with the themes of `words` added that it lacks, each told by those very words of the text.

    Raises ValueError when words do not stand in the text.
    """
    lacking = {theme: text.index(said) for theme, said in words.items() if theme not in reading.reasons}
    if not lacking:
        return reading
    reasons = {theme: Reason(start, start + len(words[theme])) for theme, start in lacking.items()}
    return replace(
        reading,
        scores={**reading.scores, **dict.fromkeys(lacking, PERHAPS)},
        maybe=(*reading.maybe, *lacking),
        abstained=False,
        reasons={**reading.reasons, **reasons},
    )
