"""Brains: settings that a child of one body and no end can have."""

from typing import Any

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.spec.brain import BrainSpec

SHIPPED = Catalog.shipped().load(BrainSpec, "infant")


def changed(**training: Any) -> BrainSpec:
    told = SHIPPED.model_dump(exclude_unset=True)
    return BrainSpec.model_validate({**told, "training": {**told["training"], **training}})


@pytest.mark.parametrize(
    "setting",
    [
        {"n_envs": 2},
        {"learning_rate_schedule": "linear"},
        {"log_std_final": -2.0},
        {"total_steps": 1000},
        {"chunk_rollouts": 2},
    ],
    ids=lambda one: next(iter(one)),
)
def test_what_does_not_befit_a_child_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=rf"training\.{next(iter(setting))}: must be"):
        changed(**setting)


@pytest.mark.parametrize("name", Catalog.shipped().names(BrainSpec))
def test_shipped_brains_come_back_from_a_file(name: str) -> None:
    spec = Catalog.shipped().load(BrainSpec, name)
    assert BrainSpec.model_validate_json(spec.model_dump_json()) == spec


@pytest.mark.parametrize("steps", [0, 100, 225, 226, 450, 4000, 5400, 5401, 36000, 36001.5])
def test_a_session_is_shared_evenly_by_its_rollouts(steps: float) -> None:
    rollouts, batch = SHIPPED.rollouts(steps), SHIPPED.training.batch_size
    assert abs(sum(rollouts) - steps) <= batch / 2
    assert all(one % batch == 0 for one in rollouts)
    assert max(rollouts, default=0) - min(rollouts, default=0) <= batch
    assert all(one <= 2 * SHIPPED.training.n_steps for one in rollouts)


def test_no_time_is_no_rollout() -> None:
    assert SHIPPED.rollouts(-1e6) == ()


def test_a_session_of_whole_minutes_is_practised_to_the_step() -> None:
    minute = 60 * 30
    for minutes in range(1, 60):
        assert sum(SHIPPED.rollouts(minutes * minute)) == minutes * minute
