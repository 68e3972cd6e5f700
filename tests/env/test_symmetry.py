"""Who may learn in a mirror: an infant whose sides are alike, at what asks alike of both."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import dmi_sim
from dmi_sim.anatomy import SEGMENT_INDEX
from dmi_sim.env.config import EnvConfig, build_env
from dmi_sim.env.contact_history import ContactHistory, Steps
from dmi_sim.env.context import StepContext
from dmi_sim.env.criteria import CRITERIA
from dmi_sim.env.infant_setup import InfantSetup, infant_setup
from dmi_sim.env.mirror import mirror_of
from dmi_sim.env.mirrored_step import mirrored_history, mirrored_step
from dmi_sim.env.rewards import REWARD_TERMS
from dmi_sim.env.symmetry import asymmetries
from dmi_sim.env.terminations import TERMINATIONS
from dmi_sim.names import exercises
from dmi_sim.spec.exercise import FurnitureSpec, StartPoseSpec, TermSpec
from dmi_sim.spec.support import SupportKeyframe, SupportMotionSpec
from tests.env.contexts import make_context, params_of, random_state
from tests.env.test_mirror import MUSCLES, SIDES, SWAPPED, made


def found(setup: InfantSetup) -> tuple[str, ...]:
    return asymmetries(setup, mirror_of(setup).action)


def infant(condition: str, age_months: float = 9.0, **changes: Any) -> InfantSetup:
    config = EnvConfig("sitting", age_months=age_months, condition=condition, **changes)
    return infant_setup(build_env(config))


@pytest.mark.parametrize("exercise", exercises())
def test_an_exercise_is_the_same_in_a_mirror_unless_it_asks_to_go_aside(exercise: str) -> None:
    setup = made(exercise)
    spec = setup.build.spec
    terms = {f"rewards.{name}": term for name, term in spec.rewards.items()}
    asked = {name: term.params for name, term in {**terms, "success": spec.success}.items()}
    aside = {
        name
        for name, params in asked.items()
        if abs(math.sin(float(str(params.get("heading_rad", 0.0))))) > 1e-3
    }
    if spec.asked_velocity[1] and "asked_velocity" not in spec.observations:
        aside.add("asked_velocity")
    assert {line.partition(":")[0] for line in found(setup)} == aside


def test_who_senses_the_side_that_is_asked_for_may_learn_in_a_mirror() -> None:
    cruising = made("cruising")
    assert cruising.build.spec.asked_velocity[1] != 0
    assert found(cruising) == ()
    spec = cruising.build.spec
    deaf = tuple(name for name in spec.observations if name != "asked_velocity")
    told = "asked_velocity: it is to one side, and the infant does not sense which"
    assert found(made("cruising", observations=deaf)) == (told,)


@pytest.mark.parametrize("age_months", [0, 6, 12, 24])
def test_a_typical_infant_is_the_same_in_a_mirror(age_months: float) -> None:
    assert found(infant("typical", age_months)) == ()


@pytest.mark.parametrize("condition", dmi_sim.conditions())
def test_a_condition_is_the_same_in_a_mirror_unless_it_has_a_side(condition: str) -> None:
    """As the options of the condition tell: a side, which of both differs when it is swapped."""
    setup = infant(condition)
    options = dict(setup.build.infant.config.condition_options)
    has_side = False
    if "side" in options:
        other = "left" if options["side"] == "right" else "right"
        swapped = infant(condition, condition_options={**options, "side": other})
        has_side = swapped.build.infant.muscles != setup.build.infant.muscles
    assert bool(found(setup)) == has_side


def test_a_side_that_is_weaker_is_told() -> None:
    lines = found(infant("spastic_cp", condition_options={"topography": "unilateral"}))
    assert "infant: left and right muscles differ (spastic_cp)" in lines
    assert "infant: left and right nerves differ (spastic_cp)" in lines
    assert found(infant("spastic_cp", severity=0.0)) == ()


JUDGES: dict[str, Callable[..., float]] = {
    **REWARD_TERMS,
    **{name: one.function for name, one in CRITERIA.items()},
    **TERMINATIONS,
}


@pytest.mark.parametrize("name", sorted(JUDGES))
def test_a_term_that_names_no_side_judges_a_mirrored_step_alike(name: str) -> None:
    params = params_of(JUDGES[name], 0.3)
    straight = {**params, **{key: 0.0 for key in params if key == "heading_rad"}}
    random = np.random.default_rng(8)
    steps = dict.fromkeys(ContactHistory().steps, Steps((0.2, 0.0), (0.1, 0.0), 1, 2))
    step = replace(
        make_context(random_state(3), random.normal(size=2), random.normal(size=2)),
        start=random_state(5),
        actuated=SIDES,
        history=ContactHistory(random.uniform(0, 0.3, 15), steps, 1.0),
        read_contact_force=lambda: np.linspace(0.0, 0.3, 15),
        cpg_phase_rad=0.7,
        asked_velocity=(0.1, -0.2),
    )
    other = mirrored_step(step, SWAPPED, MUSCLES)
    assert JUDGES[name](other, **straight) == pytest.approx(JUDGES[name](step, **straight))


def test_in_a_mirror_it_was_the_other_foot_that_stepped_last() -> None:
    right = Steps((0.2, 0.0), (0.1, 0.0), 1, 2)
    history = ContactHistory(np.linspace(0, 1, 15), {"feet": right}, 1.0)
    other = mirrored_history(history)
    assert other.steps["feet"] == Steps((0.0, 0.2), (0.0, 0.1), 0, 2)
    assert other.load[SEGMENT_INDEX["left_foot"]] == history.load[SEGMENT_INDEX["right_foot"]]
    assert mirrored_history(other).steps == history.steps


START: dict[str, Any] = {"angles_deg": {"hip.flexion": 20.0}, "angle_sd_deg": 2.0}
BOX: dict[str, Any] = {"half_extents": (0.1, 0.2, 0.1), "centre": (0.3, 0.1, 0.1)}
ASIDE: dict[str, tuple[dict[str, Any], str]] = {
    "turned": (
        {"start": StartPoseSpec(**START, pelvis_rotation_deg=(5.0, 0.0, 0.0))},
        "start: the pose is another one in a mirror",
    ),
    "bent": (
        {"start": StartPoseSpec(angles_deg={"left_knee.flexion": 5.0}, angle_sd_deg=2.0)},
        "start: the pose is another one in a mirror",
    ),
    "a box beside": (
        {"furniture": (FurnitureSpec(**BOX),)},
        "furniture: it stands elsewhere in a mirror",
    ),
    "hands that draw aside": (
        {
            "support_motion": {
                "any": SupportMotionSpec(
                    path=(
                        SupportKeyframe(time_s=0.0, offset=(0.0, 0.0, 0.0)),
                        SupportKeyframe(time_s=1.0, offset=(0.0, 0.1, 0.0)),
                    )
                )
            },
            "supports": ("pelvis",),
        },
        "support_motion: the hands move to one side",
    ),
}


@pytest.mark.parametrize("name", ASIDE)
def test_what_stands_or_moves_to_one_side_is_told(name: str) -> None:
    changes, line = ASIDE[name]
    assert found(made("kneeling", **changes)) == (line,)


def test_boxes_on_both_sides_are_the_same_in_a_mirror() -> None:
    other = {**BOX, "centre": (0.3, -0.1, 0.1)}
    both = (FurnitureSpec(**BOX), FurnitureSpec(**other))
    assert found(made("kneeling", furniture=both)) == ()


def left_foot_lifted(context: StepContext) -> float:
    """A term of somebody's own that knows left from right, and does not say so."""
    return float(np.tanh(context.state.segment_pos_world[11, 2]))


def test_a_term_of_ones_own_that_prefers_a_side_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(REWARD_TERMS._items, "lifted", left_foot_lifted)  # pyright: ignore[reportPrivateUsage]
    setup = made("kneeling", rewards={"lift": TermSpec(term="lifted", weight=1.0)})
    assert found(setup) == ("rewards.lift: it asks for something else in a mirror",)
