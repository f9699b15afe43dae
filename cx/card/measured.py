"""What was measured on labelled stories, from the figures that ship with the reader.

A file of another version of the program may lack a part: what is not there is not shown. A file without the heart of it
counts as none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cx.core.scoring import SHOWN_FROM, wilson
from cx.core.words import THEME_BY_ID, Sector, Theme

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in per cent with its 95 % interval, over `n` things; not shown under five."""

    value: float
    low: float
    high: float
    n: int

    @property
    def shown(self) -> bool:
        """Whether it may be said at all."""
        return self.n >= SHOWN_FROM


@dataclass(frozen=True, slots=True)
class Quality:
    """Of what is said, how much is right; of what is told, how much is found; and the same for "rather sure" alone.

    `n` counts the texts of a group, for a theme how often it is told.
    """

    n: int
    precision: Rate
    recall: Rate
    f1: float
    sure_precision: Rate | None = None
    sure_recall: Rate | None = None


@dataclass(frozen=True, slots=True)
class Bin:
    """Probabilities of about `said` per cent, and how many of them were true."""

    said: float
    true: Rate


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far probabilities and truth agree: the bins, the error of calibration and Brier's, both in [0, 1]."""

    bins: tuple[Bin, ...]
    ece: float
    brier: float
    mean_ece: float | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Of the surest `share` per cent of the suggestions, how many are right, and how much of what is told they find."""

    share: float
    right: Rate
    found: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """`missed` is told and was not found (None: nothing was), `said` was found and is not told (None: nothing was)."""

    missed: Theme | None
    said: Theme | None
    count: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that was measured of one `version`, on `texts` stories that were labelled `passes` times.

    `real`: people sent them, nobody wrote them for the measure; `unseen`: nothing of the reader was chosen on them.
    """

    version: str
    on: date | None
    texts: int
    passes: int
    real: bool
    unseen: bool
    abstained: int
    overall: Quality
    macro_f1: float
    baselines: Mapping[str, float]
    themes: Mapping[Theme, Quality]
    languages: Mapping[str, Quality]
    sectors: Mapping[str, Quality]
    calibration: Calibration | None
    suggested: Calibration | None
    kept: tuple[Kept, ...]
    confusions: tuple[Confusion, ...]


def measured(content: Any) -> Measured | None:
    """The figures of a file; None when there are none to speak of."""
    try:
        return _measured(content)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _measured(content: Content) -> Measured:
    reader, about = content["reader"], content["set"]
    calibration = content.get("calibration") or {}
    return Measured(
        version=str(content["version"]),
        on=date.fromisoformat(content["measured_on"]) if content.get("measured_on") else None,
        texts=int(about["texts"]),
        passes=int(about["passes"]),
        real=bool(about["real"]),
        unseen=bool(about["unseen"]),
        abstained=int(content.get("abstained", 0)),
        overall=_of_group({**reader, "sure": content["sure"]}),
        macro_f1=100 * float(reader["macro_f1"]),
        baselines={
            name: 100 * float(content[name]["micro_f1"]) for name in ("keywords", "dummy") if name in content
        },
        themes={
            theme: _of_theme(content["themes"][theme.value]) for theme in Theme if theme.value in content["themes"]
        },
        languages=_groups(content.get("languages"), ("fr", "en")),
        sectors=_groups(content.get("sectors"), [one.value for one in Sector]),
        calibration=_calibration(calibration),
        suggested=_calibration(calibration.get("suggested") or {}),
        kept=tuple(_kept(content.get("confidence") or ())),
        confusions=tuple(_confusions(content.get("confusions") or ())),
    )  # fmt: skip


def _rate(found: Content, name: str, n: int) -> Rate:
    value = float(found[name])
    low, high = found.get(f"{name}_interval") or wilson(min(n, round(value * n)), n)
    return Rate(100 * value, 100 * float(low), 100 * float(high), n)


def _sure(found: Content | None) -> dict[str, Rate]:
    if not found:
        return {}
    said, told = int(found["said"]), int(found["n"])
    return {"sure_precision": _rate(found, "precision", said), "sure_recall": _rate(found, "recall", told)}


def _of_theme(found: Content) -> Quality:
    told = int(found["n"])
    said = int(found.get("said", told))
    return Quality(
        n=told,
        precision=_rate(found, "precision", said),
        recall=_rate(found, "recall", told),
        f1=100 * float(found["f1"]),
        **_sure(found.get("sure")),
    )


def _of_group(found: Content) -> Quality:
    texts = int(found["n"])
    return Quality(
        n=texts,
        precision=_rate(found, "micro_precision", texts),
        recall=_rate(found, "micro_recall", texts),
        f1=100 * float(found["micro_f1"]),
        **_sure(found.get("sure")),
    )


def _groups(found: Content | None, order: Iterable[str]) -> dict[str, Quality]:
    return {name: _of_group(found[name]) for name in order if found and name in found}


def _calibration(found: Content) -> Calibration | None:
    if not found.get("bins"):
        return None
    bins = tuple(Bin(100 * float(one["said"]), _rate(one, "true", int(one["n"]))) for one in found["bins"])
    mean_ece = found.get("mean_ece")
    return Calibration(
        bins, float(found["ece"]), float(found["brier"]), None if mean_ece is None else float(mean_ece)
    )  # fmt: skip


def _kept(found: Iterable[Content]) -> Iterable[Kept]:
    for one in found:
        yield Kept(100 * float(one["kept"]), _rate(one, "precision", int(one["n"])), 100 * float(one["recall"]))


def _confusions(found: Iterable[Content]) -> Iterable[Confusion]:
    for one in found:
        missed, said = (THEME_BY_ID.get(one[name] or "") for name in ("missed", "said"))
        if missed or said:
            yield Confusion(missed, said, int(one["count"]))


@dataclass(frozen=True, slots=True)
class Learned:
    """How good the reader becomes with so many rulings: the median of several trials with the lowest and the highest."""

    rulings: int
    micro: tuple[float, float, float]
    macro: tuple[float, float, float]


def learned(content: Any) -> tuple[Learned, ...]:
    """The learning curve of a file, in per cent of F1; empty when there is none to speak of."""
    try:
        found = [Learned(int(one["rulings"]), _three(one["micro"]), _three(one["macro"])) for one in content or ()]
    except (KeyError, TypeError, ValueError):
        return ()
    return tuple(sorted(found, key=lambda one: one.rulings))


def _three(numbers: Iterable[float]) -> tuple[float, float, float]:
    middle, low, high = (100 * float(one) for one in numbers)
    return middle, low, high
