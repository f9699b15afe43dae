"""Learning from rulings: they change what the reader says, by their weight, and a worse reader is refused."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cx.core.words import Theme
from cx.disputes import moves
from cx.disputes.sight import As
from cx.themes import guarding
from cx.themes.corpus import FOLDER, LANGUAGES, Example, load_examples
from cx.themes.shelf import SHIPPED, Shelf, shipped
from cx.themes.thresholds import JUDGEMENT_FILE, load_judgement

if TYPE_CHECKING:
    from click.testing import Result
    from flask import Flask

    from tests.world import World

EVERY = 60
FEW = 40
RULED = ("He laughed at my question and hung up.", "She called me a liar.", "They mocked my accent at the counter.")


@pytest.fixture(scope="module")
def few() -> list[Example]:
    return load_examples()[::EVERY]


def test_a_ruling_teaches_by_its_weight_and_without_any_the_examples_do(few: list[Example]) -> None:
    from cx.themes import learning, training

    text = "The glorbing of my parcel was done by the wumpus, and the wumpus laughed."
    rulings = [Example(words, frozenset({Theme.CONTEMPT}), "en") for words in (text, text + " Again.")]
    story = [training.apart(Example("The wumpus came about the glorbing.", frozenset(), "en"))]
    plain = training.signals(training.fit(few), story)
    fitted = [learning.fit(few), learning.fit(few, rulings, 0.5), learning.fit(few, rulings, 8.0)]
    said = [training.signals(scorer, story) for scorer in fitted]
    assert np.abs(said[0] - plain).max() < 1e-9
    contempt = list(Theme).index(Theme.CONTEMPT)
    assert said[0][0, contempt, 3] < said[1][0, contempt, 3] < said[2][0, contempt, 3]


def test_the_version_follows_the_rulings_and_their_weight(few: list[Example]) -> None:
    from cx.themes.learning import version_with
    from cx.themes.thresholds import version_of

    judgement = load_judgement(FOLDER)
    one, other = [few[0]], [few[1]]
    versions = [version_with(few, *rest) for rest in (([], judgement, 8.0), (one, judgement, 8.0), (one, judgement, 4.0), (other, judgement, 8.0))]  # fmt: skip
    assert len(set(versions)) == 4
    assert versions[0] == version_of(few, judgement)
    assert all(len(version) <= 32 for version in versions)


# ---- the commands ------------------------------------------------------------------------------------------------


@pytest.fixture
def poor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with too few examples to learn from, and a smaller frozen set, so that reading it takes a moment."""
    folder = tmp_path / "few"
    folder.mkdir()
    for language in LANGUAGES:
        lines = (FOLDER / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
        (folder / f"{language}.jsonl").write_text("\n".join(lines[::EVERY]) + "\n", encoding="utf-8")
    (folder / JUDGEMENT_FILE).write_bytes((FOLDER / JUDGEMENT_FILE).read_bytes())
    frozen = guarding.load_frozen()[::2][:FEW]
    monkeypatch.setattr(guarding, "load_frozen", lambda: frozen)
    return folder


def _run(app: "Flask", *arguments: str) -> "Result":
    return app.test_cli_runner().invoke(args=["themes", *arguments])


def test_a_worse_reader_is_refused_unless_somebody_says_why_and_can_be_taken_back(
    small_world: "World", poor: Path, tmp_path: Path
) -> None:
    app, shelf = small_world.app, Shelf(tmp_path)
    for told in RULED:
        hand = moves.Hand(
            small_world.visitor("agent@poste"), As.STAFF, small_world.tell(text=told).reference, datetime.now(UTC)
        )
        with small_world.database.writing() as session:
            moves.rule_themes(session, app.extensions["workbench"], hand, frozenset({Theme.CONTEMPT}), "r7")
    refused = _run(app, "train", "--examples", str(poor))
    assert refused.exit_code == 1
    assert "is worse than" in refused.stderr
    assert "micro-F1" in refused.stderr
    assert "--force" in refused.stderr
    assert shelf.kept() == []

    forced = _run(app, "train", "--examples", str(poor), "--force", "to see what happens")
    assert forced.exit_code == 0, forced.output
    (kept,) = shelf.kept()
    assert kept.current
    assert kept.figures["forced"] == "to see what happens"
    assert kept.figures["before"]["version"] == shipped().version
    assert kept.figures["rulings"] + kept.figures["held_out"] == len(RULED)
    assert kept.figures["frozen"]["stories"] == FEW + kept.figures["held_out"]
    assert _answer(app)["version"] == kept.version
    assert small_world.app.extensions["workbench"].reader().version == kept.version

    listed = json.loads(_run(app, "versions", "--json").stdout)["versions"]
    assert [(one["version"], one["current"]) for one in listed] == [(SHIPPED, False), (kept.version, True)]
    assert "* " + kept.version in _run(app, "versions").stdout
    assert kept.version in app.test_cli_runner().invoke(args=["doctor"]).stdout

    assert _run(app, "use", "shipped").exit_code == 0
    assert _answer(app)["version"] == shipped().version
    assert _run(app, "use", "r0-nowhere").exit_code == 1


def _answer(app: "Flask") -> dict[str, Any]:
    said = app.test_cli_runner().invoke(
        args=["themes", "read"], input='{"text": "They were rude to me on the phone."}\n'
    )
    found: dict[str, Any] = json.loads(said.stdout)
    return found
