"""Learning from rulings: the stories that people ruled on beside the examples, each with its weight.

A ruling says which themes a whole story tells, seldom where. So a ruled story teaches as a whole, and weighs more than
one window of an example. Only commands, measurements and tests import this module.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from sklearn import config_context
from sklearn.pipeline import Pipeline

from cx.themes.corpus import Example, digest_of
from cx.themes.thresholds import Judgement, version_of
from cx.themes.training import apart, make_pipeline, pieces_of_examples, table_of

# What a ruled story weighs where a window of an example weighs 1. Chosen on rulings made up from stories that people
# had labelled (`bench/learning.py`): 1 and 2 change nothing, from 4 on the reader learns.
WEIGHT = 8.0


def fit(examples: Sequence[Example], rulings: Sequence[Example] = (), weight: float = WEIGHT) -> Pipeline:
    """Return the scorer of windows fitted on `examples`, windows by evidence, and on the whole of each of `rulings`."""
    pieces, truth = pieces_of_examples(list(examples))
    weights = np.ones(len(pieces))
    if rulings:
        pieces += [(story, story.whole) for story in map(apart, rulings)]
        truth = np.concatenate([truth, table_of(list(rulings))])
        weights = np.concatenate([weights, np.full(len(rulings), weight)])
    pipeline = make_pipeline()
    with config_context(enable_metadata_routing=True):
        pipeline.named_steps["themes"].estimator.set_fit_request(sample_weight=True)
        return pipeline.fit(pieces, truth, sample_weight=weights)


def version_with(examples: Sequence[Example], rulings: Sequence[Example], judgement: Judgement, weight: float) -> str:
    """Return the version of a reader that learned from these; without rulings that of the examples alone."""
    version = version_of(list(examples), judgement)
    if not rulings:
        return version
    recipe, _, known = version.partition("-")
    told = f"{known} {weight} {digest_of(list(rulings))}"
    return f"{recipe}l-{hashlib.sha256(told.encode()).hexdigest()[:12]}"
