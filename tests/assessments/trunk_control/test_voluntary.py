"""Voluntary head turns."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.assessments.trunk_control.voluntary import (
    movement_levels,
    movement_rad,
    voluntary_movements,
)
from dmi_sim.catalog import Catalog
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.infant import Infant
from dmi_sim.nervous.motor_command import equilibrium_command, silent_command
from dmi_sim.spec.assessment import MovementSpec, SegmentalSpec

ACTIVE = Catalog.shipped().load(SegmentalSpec, "trunk").active
MUSCLES = Infant.from_spec(7.0).muscles
ROTATION = AXIS_INDEX["neck.rotation"]


@pytest.fixture(scope="module")
def env() -> PostureEnv:
    env = PostureEnv(EnvConfig("sitting"))
    env.reset(seed=0)
    return env


def test_movements_come_one_after_the_other() -> None:
    assert movement_levels(ACTIVE, 0.5) == {"turn left": 0.0, "turn right": 0.0}
    assert movement_levels(ACTIVE, 2.5) == {"turn left": 1.0, "turn right": 0.0}
    assert movement_levels(ACTIVE, 6.0) == {"turn left": 0.0, "turn right": 1.0}


def test_a_turn_uses_muscles_whose_other_torques_cancel(env: PostureEnv) -> None:
    """The sternocleidomastoid alone would pull the head to the other shoulder."""
    turned = replace(env.state, time_s=2.5)
    sent = voluntary_movements(ACTIVE, MUSCLES)(turned, silent_command(MUSCLES))
    torque = (sent.excitation * np.array(MUSCLES.peak_force_n)) @ MUSCLES.moment_arms_m
    assert torque[ROTATION] > 0
    others = np.delete(torque, ROTATION)
    assert np.abs(others).max() < 0.05 * torque[ROTATION]
    assert sent.excitation.max() == pytest.approx(ACTIVE.effort.value)


def test_reflex_lengths_follow_the_turn_unless_muscles_are_silent(env: PostureEnv) -> None:
    turned, command = replace(env.state, time_s=2.5), voluntary_movements(ACTIVE, MUSCLES)
    wanted = movement_rad(ACTIVE.movements["turn left"])
    held = command(turned, equilibrium_command(MUSCLES, np.zeros(34)))
    assert held.length == pytest.approx(equilibrium_command(MUSCLES, wanted).length)
    silent = command(turned, silent_command(MUSCLES))
    assert (silent.length == silent_command(MUSCLES).length).all()


def test_before_the_first_movement_nothing_is_added(env: PostureEnv) -> None:
    rest, own = replace(env.state, time_s=0.2), equilibrium_command(MUSCLES, np.zeros(34))
    sent = voluntary_movements(ACTIVE, MUSCLES)(rest, own)
    assert (sent.length == own.length).all()
    assert (sent.excitation == own.excitation).all()


def test_a_reach_works_as_a_movement(env: PostureEnv) -> None:
    reach = MovementSpec(axes_deg={"left_shoulder.flexion": 80}, measured="left_shoulder.flexion")
    test = ACTIVE.model_copy(update={"movements": {"reach": reach}})
    sent = voluntary_movements(test, MUSCLES)(
        replace(env.state, time_s=2.5), silent_command(MUSCLES)
    )
    torque = (sent.excitation * np.array(MUSCLES.peak_force_n)) @ MUSCLES.moment_arms_m
    assert int(np.argmax(np.abs(torque))) == AXIS_INDEX["left_shoulder.flexion"]
