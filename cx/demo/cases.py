"""As many demo cases as one likes, lazily and always the same for one seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from cx.core.words import Origin
from cx.demo.lifelines import life
from cx.demo.people import BY_SLUG, ORGANISATIONS, DemoOrganisation
from cx.demo.stories import DemoStory, tell
from cx.demo.thread import Step

SPAN_DAYS = 548
GUIDANCE_DAYS_AGO = 90
# Shares of the organisations, in their order.
_SHARES = tuple(accumulate((20, 16, 16, 14, 34)))


@dataclass(frozen=True, slots=True)
class DemoCase:
    """One case: its story, when it was told (aware, UTC), how it came in, and what happened after.

    `key` is stable for a seed and a position. `number` is 1 to 8 for the cases of the demo story, 0 for the others;
    `points` are the points of the demand in words, empty when the story is the only one.
    """

    key: str
    story: DemoStory
    told_at: datetime
    origin: Origin
    steps: tuple[Step, ...]
    number: int = 0
    points: tuple[str, ...] = ()

    @property
    def organisation(self) -> DemoOrganisation:
        """The organisation which the story is about."""
        return BY_SLUG[self.story.organisation]


def generate(seed: int, n: int, now: datetime, first: int = 0, last: int | None = None) -> Iterator[DemoCase]:
    """Yield the cases number `first` to `last` (left out: to the end) of `n`, told in the 18 months before `now`.

    They come in order of time; `now` is aware and in UTC. Each case has its own source of chance and its own stretch of
    the time, so parts can be made by several processes.
    """
    for number in range(first, n if last is None else min(last, n)):
        rng = Random(seed * 1_000_003 + number)
        yield _case(rng, f"demo-{seed}-{number}", now, _told_at(now, (number + rng.random()) / n))


def _case(rng: Random, key: str, now: datetime, told_at: datetime) -> DemoCase:
    organisation = rng.choices(ORGANISATIONS, cum_weights=_SHARES)[0]
    guided = (now - told_at).days < GUIDANCE_DAYS_AGO
    story = tell(rng, organisation, told_at.date(), guided=guided)
    origin = rng.choices((Origin.WEB, Origin.PHONE, Origin.COUNTER), weights=(84, 10, 6))[0]
    return DemoCase(key, story, told_at, origin, life(rng, story, told_at, now, guided=guided))


def _told_at(now: datetime, share: float) -> datetime:
    """Return when the case at `share` (0 to 1) of them all was told: more lately than long ago, in waking hours."""
    at = (now - timedelta(days=SPAN_DAYS * (1 - share) ** 1.15)).replace(microsecond=0)
    if at.date() == now.date():
        return at
    midnight = at.replace(hour=0, minute=0, second=0)
    return midnight + timedelta(hours=6) + (at - midnight) * 0.66
