"""Commands: lengths to hold, excitation, or nothing at all."""

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

MUSCLES = Infant.from_spec(7).muscles
N = len(MUSCLES.names)
ANGLE = np.random.default_rng(0).normal(0, 0.4, 34)


def drive(command: MotorCommand, angle: Vector) -> Vector:
    """What a reflex of gain 3 without threshold answers at angles at rest."""
    out, law = np.empty(N), np.array([np.full(N, 3.0), np.full(N, 0.05), np.zeros(N)])
    length = MUSCLES.length_at(angle)
    stretch_reflex(command.excitation, command.length, length, np.zeros(N), law, out)
    return out


def test_who_is_where_it_should_be_does_nothing() -> None:
    assert drive(equilibrium_command(MUSCLES, ANGLE), ANGLE) == pytest.approx(
        np.zeros(N), abs=1e-12
    )


@pytest.mark.parametrize("axis", range(34))
def test_who_is_elsewhere_is_pulled_back(axis: int) -> None:
    away = ANGLE.copy()
    away[axis] += 0.2
    torque = MUSCLES.moment_arms_m.T @ (
        drive(equilibrium_command(MUSCLES, ANGLE), away) * MUSCLES.peak_force_n
    )
    assert torque[axis] < 0


def test_cocontraction_shortens_every_commanded_length() -> None:
    tense = equilibrium_command(MUSCLES, ANGLE, cocontraction=0.1)
    assert tense.length == pytest.approx(equilibrium_command(MUSCLES, ANGLE).length - 0.1)
    assert drive(tense, ANGLE) == pytest.approx(np.full(N, 0.3))


def test_holding_excites_nothing_directly() -> None:
    assert (equilibrium_command(MUSCLES, ANGLE).excitation == 0).all()


def test_direct_excitation_leaves_the_reflexes_asleep() -> None:
    asked = np.linspace(0, 1, N)
    for angle in (ANGLE, 10 * ANGLE):
        assert drive(excitation_command(asked), angle) == pytest.approx(asked)


def test_an_infant_that_lets_go_does_nothing_anywhere() -> None:
    for angle in (ANGLE, 10 * ANGLE):
        assert (drive(silent_command(MUSCLES), angle) == 0).all()
