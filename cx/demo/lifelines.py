"""What became of a story: a believable sequence of steps that the rules of `cx.core.dispute` accept.

Every life is cut at `now`, so what was told lately is still open and what is old has mostly ended.
"""

from datetime import datetime
from itertools import accumulate
from random import Random

from cx.core.words import Wish
from cx.demo.people import BY_SLUG
from cx.demo.plots import PLOTS, incident
from cx.demo.stories import DemoStory
from cx.demo.thread import NotYet, Step, Thread

__all__ = ["Step", "life"]

_WEIGHTS = tuple(accumulate(weight for weight, _ in PLOTS))
_PLOTS = tuple(plot for _, plot in PLOTS)


def life(rng: Random, story: DemoStory, told_at: datetime, now: datetime, *, guided: bool = False) -> tuple[Step, ...]:
    """Return what happened after `story` was told at `told_at` until `now` (both aware), oldest first.

    `guided`: machine AF-07 had its guidance sheet by then. Who tells without a demand gets no dispute.
    """
    organisation = BY_SLUG[story.organisation]
    thread = Thread(rng, story, organisation, told_at, now, guided=guided)
    try:
        if story.wish is Wish.TELL:
            incident(thread)
        else:
            thread.send()
            rng.choices(_PLOTS, cum_weights=_WEIGHTS)[0](thread)
    except NotYet:
        pass
    return tuple(thread.steps)
