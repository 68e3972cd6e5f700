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
