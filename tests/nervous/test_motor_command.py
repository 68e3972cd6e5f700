"""Motor commands: equilibrium postures, direct excitation, silent muscles."""

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.infant import Infant
from dmi_sim.nervous.motor_command import (
    MotorCommand,
    equilibrium_command,
    excitation_command,
    silent_command,
)
from dmi_sim.nervous.reflex import stretch_reflex
from tests.muscle.muscles import muscles_at
from tests.nervous.reflexes import moved, reflexes

MUSCLES = Infant.from_spec(7).muscles
N = len(MUSCLES.names)
ANGLE = np.random.default_rng(0).normal(0, 0.4, 34)


def drive(command: MotorCommand, angle: Vector) -> Vector:
    """Drive of muscles at rest at some angles, with a reflex of gain 3 without threshold."""
    muscle = muscles_at(np.zeros(N), command.excitation, command.length)
    return stretch_reflex(
        muscle, moved(MUSCLES.length_at(angle), 0.0), reflexes(N, gain=3.0, velocity_gain_s=0.05)
    )


def test_at_its_equilibrium_posture_no_muscle_is_driven() -> None:
    assert drive(equilibrium_command(MUSCLES, ANGLE), ANGLE) == pytest.approx(
        np.zeros(N), abs=1e-12
    )


@pytest.mark.parametrize("axis", range(34))
def test_away_from_its_equilibrium_posture_a_joint_is_pulled_back(axis: int) -> None:
    away = ANGLE.copy()
    away[axis] += 0.2
    torque = MUSCLES.moment_arms_m.T @ (
        drive(equilibrium_command(MUSCLES, ANGLE), away) * MUSCLES.peak_force_n
    )
    assert torque[axis] < 0


def test_cocontraction_shortens_every_commanded_length() -> None:
    cocontracted = equilibrium_command(MUSCLES, ANGLE, cocontraction=0.1)
    assert cocontracted.length == pytest.approx(equilibrium_command(MUSCLES, ANGLE).length - 0.1)
    assert drive(cocontracted, ANGLE) == pytest.approx(np.full(N, 0.3))


def test_an_equilibrium_command_sends_no_direct_excitation() -> None:
    assert (equilibrium_command(MUSCLES, ANGLE).excitation == 0).all()


def test_direct_excitation_adds_no_stretch_reflex() -> None:
    asked = np.linspace(0, 1, N)
    for angle in (ANGLE, 10 * ANGLE):
        assert drive(excitation_command(asked), angle) == pytest.approx(asked)


def test_silent_muscles_are_not_driven_at_any_angle() -> None:
    for angle in (ANGLE, 10 * ANGLE):
        assert (drive(silent_command(MUSCLES), angle) == 0).all()
