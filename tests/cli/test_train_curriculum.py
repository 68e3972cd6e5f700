"""Training an infant in a curriculum by command, and testing it in each exercise."""

import json
from pathlib import Path
from typing import Any

import pytest

from dmi_sim.cli.evaluate import evaluate
from dmi_sim.cli.train import train
from dmi_sim.errors import InputError
from dmi_sim.names import INFANT_ID
from dmi_sim.outcome.calm import CALM

PAIR: dict[str, Any] = {
    "title": "Two exercises",
    "practice": [{"exercise": "sitting", "slots": 2}, {"exercise": "standing"}],
    "validation": {"episodes": 1},
    "training": {
        "total_steps": 960, "n_steps": 320, "chunk_rollouts": 1, "batch_size": 240, "n_epochs": 1
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A curriculum of one's own in a single chunk; JSON is YAML."""
    path = tmp_path_factory.mktemp("own") / "pair.yaml"
    path.write_text(json.dumps(PAIR))
    return path


@pytest.fixture(scope="module")
def trained(own: Path) -> Path:
    folder = own.parent / "trained"
    answer = train(INFANT_ID, curriculum=str(own), out=folder)
    assert "sitting: success" in answer.text
    assert answer.data["exercise_scores"].keys() == {"sitting", "standing"}
    return folder


def test_a_policy_of_several_exercises_is_tested_in_each(trained: Path) -> None:
    answer = evaluate(str(trained), episodes=1)
    assert [*answer.data["exercises"]] == ["sitting", "standing"]
    for test in answer.data["exercises"].values():
        assert test["practised"]
        assert len(test["episodes"]) == 1
        assert {"success", *CALM} <= test["summary"].keys()
    assert [line.split()[0] for line in answer.text.splitlines()[1:3]] == ["sitting", "standing"]
    assert "not clinical evidence" in answer.text


def test_a_policy_of_a_curriculum_of_one_exercise_is_tested_in_that(tmp_path: Path) -> None:
    """Without a word of which, although it practised in the environment of all exercises."""
    path, out = tmp_path / "one.yaml", tmp_path / "out"
    path.write_text(json.dumps({**PAIR, "practice": [{"exercise": "sitting", "slots": 3}]}))
    train(INFANT_ID, curriculum=str(path), out=out)
    answer = evaluate(str(out), episodes=1)
    assert answer.data["exercise"] == "sitting"
    assert answer.data["practised"] is True


def test_it_is_tried_in_any_other_and_said_that_it_never_practised_it(trained: Path) -> None:
    answer = evaluate(str(trained), environment="DMI/Kneeling-v1", episodes=1)
    assert answer.data["practised"] is False
    assert "This policy never practised kneeling." in answer.text
    answer = evaluate(str(trained), environment="DMI/Sitting-v1", episodes=1)
    assert answer.data["practised"] is True
    assert "never practised" not in answer.text


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"curriculum": "infnat"}, "did you mean 'infant'"),
        ({"settings": ["training.gama=1"]}, r"training\.gama"),
        ({"settings": ["support=neck"]}, "support: no 'neck'"),
        ({"environment": "DMI/Sitting-v1"}, "goes with DMI/Infant-v0, not DMI/Sitting-v1"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_written(
    own: Path, tmp_path: Path, words: dict[str, Any], problem: str
) -> None:
    asked: dict[str, Any] = {"environment": INFANT_ID, "curriculum": str(own), **words}
    with pytest.raises(InputError, match=problem):
        train(out=tmp_path / "out", **asked)
    assert not (tmp_path / "out").exists()
