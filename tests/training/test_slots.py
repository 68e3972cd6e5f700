"""Slots share the time of practice exactly, and what is learnt soon has fewer of them later."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from dmi_sim.spec.curriculum import CurriculumSpec
from dmi_sim.training.bundle import POLICY, read_bundle_manifest
from dmi_sim.training.plan import TrainingPlan
from dmi_sim.training.train import train
from tests.training.curricula import PRACTICE, TINY, tiny_plan

LATER: list[dict[str, Any]] = [
    {"exercise": "sitting", "slots": 2, "slots_later": 1},
    {"exercise": "standing", "slots": 1, "slots_later": 2, "support": "pelvis"},
]


def later_plan(from_steps: int) -> TrainingPlan:
    chosen = CurriculumSpec.model_validate(
        {
            "title": "Sitting first",
            "practice": LATER,
            "later_from_steps": from_steps,
            "validation": {"every_steps": 96, "episodes": 1},
            "training": {**TINY, "net_arch": [8], "exercises_count_alike": True},
        }
    )
    return tiny_plan(
        practice=chosen.practice, training=chosen.training, later_from_steps=from_steps
    )


def test_what_is_learnt_soon_has_fewer_slots_later(tmp_path: Path) -> None:
    """From the next whole chunk of 48 steps on; a stop there or elsewhere changes nothing."""
    straight = train(later_plan(50), tmp_path / "straight", tests=1)
    train(later_plan(50), tmp_path / "stopped", until_steps=96, tests=1)
    stopped = train(later_plan(50), tmp_path / "stopped", resume=True, tests=1)
    never = train(later_plan(1000), tmp_path / "never", tests=1)

    def learnt(bundle: Path) -> bytes:
        return (bundle / POLICY).read_bytes()

    assert learnt(straight) == learnt(stopped)
    assert learnt(straight) != learnt(never)
    doses = {
        name: read_bundle_manifest(name).metadata.exercise_dose_h for name in (straight, never)
    }
    assert doses[never]["sitting"] == pytest.approx(2 * doses[never]["standing"])
    steps = read_bundle_manifest(straight).metadata.training_steps
    hours = sum(doses[straight].values())
    assert doses[straight]["sitting"] / hours == pytest.approx((2 * 96 + (steps - 96)) / 3 / steps)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"later_from_steps": None}, "one is given without the other"),
        ({"practice": [LATER[0], {**LATER[1], "slots_later": 1}]}, "practice has 2 slots later"),
        ({"practice": PRACTICE}, "one is given without the other"),
    ],
)
def test_later_slots_are_told_with_their_time_and_fill_it(
    change: dict[str, Any], message: str
) -> None:
    content = {
        "title": "Sitting first",
        "practice": LATER,
        "later_from_steps": 50,
        "training": TINY,
    }
    CurriculumSpec.model_validate(content)
    with pytest.raises(ValidationError, match=message):
        CurriculumSpec.model_validate({**content, **change})
