"""A task: weights, ends and criterion of an exercise, bound once."""

from collections.abc import Callable
from typing import Any

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.env.task import Task, build_task
from dmi_sim.physics.state import State
from dmi_sim.registry import Registry
from dmi_sim.spec.exercise import ExerciseSpec, SuccessSpec, TerminationSpec, TermSpec
from tests.env.contexts import make_context, still_state, turned

SITTING = Catalog.shipped().load(ExerciseSpec, "sitting_v0")
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
    assert task(main=raised).criterion(make_context()) == 1.0


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


NO_FALL: dict[str, object] = {"criterion": "no_fall"}
HEAD_UP: dict[str, object] = {"criterion": "head_upright_within", "params": {"within_rad": 0.35}}
ON_FEET: dict[str, object] = {
    "criterion": "weight_borne",
    "params": {"segments": ["left_foot", "right_foot"], "share": 0.7},
}


def as_success(**success: object) -> SuccessSpec:
    return SuccessSpec.model_validate({**success, "hold_s": 2})


def asking(*also: dict[str, object], main: dict[str, object] = NO_FALL) -> Task:
    return task(success=as_success(**main, also=also))


def with_head_at(tilt_rad: float) -> State:
    return still_state(segment_matrix_world=turned((0.0, tilt_rad, 0.0)))


def test_success_that_asks_for_several_things_is_that_which_is_met_least() -> None:
    both = asking(HEAD_UP).criterion
    assert both(make_context(with_head_at(0.2))) == 1.0
    assert both(make_context(with_head_at(0.7))) == pytest.approx(0.5)
    assert asking(HEAD_UP, ON_FEET).criterion(make_context(with_head_at(0.7))) == 0.0


def test_where_several_things_are_asked_nothing_is_met_in_the_step_of_a_fall() -> None:
    raised: dict[str, object] = {
        "criterion": "segment_raised",
        "params": {"segment": "head", "rise": -0.1},
    }
    alone, several = asking(main=raised), asking(HEAD_UP, main=raised)
    assert alone.criterion(make_context(has_fallen=True)) == 1.0
    assert several.criterion(make_context()) == 1.0
    assert several.criterion(make_context(has_fallen=True)) == 0.0


def as_reward(asked: dict[str, object]) -> dict[str, TermSpec]:
    """A criterion as the only reward term."""
    given = {"term": asked["criterion"], "params": asked["params"], "weight": 1.0}
    return {"feet": TermSpec.model_validate(given)}


@pytest.mark.parametrize(
    "change",
    [
        {"success": as_success(**ON_FEET)},
        {"success": as_success(**NO_FALL, also=[ON_FEET])},
        {"success": as_success(**NO_FALL, also=[{**ON_FEET, "time_share": 0.9}])},
        {"rewards": as_reward(ON_FEET)},
        {"on_fall": as_reward(ON_FEET)},
    ],
    ids=["criterion", "also", "for_a_share_of_time", "rewards", "on_fall"],
)
def test_what_was_touched_is_remembered_only_where_a_term_asks_for_it(
    change: dict[str, object],
) -> None:
    assert not task().needs_contact_history
    assert task(**change).needs_contact_history
