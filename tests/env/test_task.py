"""A task: weights, ends and criterion of an exercise, bound once."""

from collections.abc import Callable
from typing import Any

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.env.task import Task, build_task
from dmi_sim.registry import Registry
from dmi_sim.spec.exercise import ExerciseSpec, TerminationSpec, TermSpec
from tests.env.contexts import make_context, still_state

SITTING = Catalog.shipped().load(ExerciseSpec, "sitting")
UP = TermSpec(term="trunk_upright", weight=2.0, params={"width_rad": 0.3})
FELL = TermSpec(term="fell", weight=-3.0)
TILTED = TerminationSpec(term="trunk_tilt_above", params={"angle_deg": 60})
LOW = TerminationSpec(term="segment_height_below", params={"segment": "head", "fraction": 0.5})


def task(**changes: object) -> Task:
    rewards = {"rewards": {"up": UP}, "on_fall": {"fall": FELL}}
    return build_task(SITTING.model_copy(update={**rewards, **changes}))


def test_weights_count_per_second() -> None:
    assert task().rewards_at(make_context()) == {"up": 2.0 / SITTING.control_hz}


def test_terms_of_a_fall_count_once_and_whole() -> None:
    fallen = task().rewards_at(make_context(has_fallen=True))
    assert fallen["fall"] == -3.0
    assert task().reward_names == ("up", "fall")


@pytest.mark.parametrize(("tilt_rad", "head_m"), [(1.2, 0.4), (0.0, 0.1), (1.2, 0.1)])
def test_any_termination_is_a_fall(tilt_rad: float, head_m: float) -> None:
    state = still_state(upright_rad=tilt_rad, head_height_m=head_m)
    both = task(terminations={"tilted": TILTED, "low": LOW})
    assert both.has_fallen(make_context(state))
    assert not both.has_fallen(make_context())


def test_a_criterion_has_the_parameters_of_its_file() -> None:
    raised = SITTING.success.model_copy(
        update={"criterion": "segment_raised", "params": {"segment": "pelvis", "rise": -0.1}}
    )
    assert task(success=raised).criterion(make_context()) == 1.0


def test_names_are_looked_up_when_the_task_is_built_and_never_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ready = task(terminations={"low": LOW})

    def refuse(*_: object) -> Callable[..., Any]:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(Registry, "__getitem__", refuse)
    context = make_context()
    assert not ready.has_fallen(context)
    assert ready.criterion(context) == 1.0
    assert ready.rewards_at(context)
