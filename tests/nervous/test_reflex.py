"""The stretch reflex pulls towards the equilibrium and never asks for more than all."""

import numpy as np
import pytest

from dmi_sim.body.arrays import Vector
from dmi_sim.body.axes import AXES
from dmi_sim.catalog import Catalog
from dmi_sim.nervous.reflex import build_nervous, reflex_excitation
from dmi_sim.spec.nervous import NervousSpec

N = len(AXES)
SPEC = Catalog.shipped().load(NervousSpec, "spinal")


def reflex(angle: float, rate: float, gain: float = 2.0, damping: float = 0.2) -> Vector:
    out = np.empty(N)
    gains = np.array([np.full(N, gain), np.full(N, damping)])
    reflex_excitation(np.full(N, 0.3), np.full(N, angle), np.full(N, rate), gains, out)
    return out


def test_it_pulls_towards_the_equilibrium_in_proportion() -> None:
    assert reflex(0.3, 0.0) == pytest.approx(np.zeros(N))
    assert reflex(0.1, 0.0) == pytest.approx(np.full(N, 0.4))
    assert reflex(0.6, 0.0) == pytest.approx(np.full(N, -0.6))


def test_it_resists_movement_either_way() -> None:
    assert reflex(0.3, 1.0) == pytest.approx(np.full(N, -0.2))
    assert reflex(0.3, -1.0) == pytest.approx(np.full(N, 0.2))


def test_it_never_asks_for_more_than_full_excitation() -> None:
    assert (reflex(-9.0, 0.0) == 1.0).all()
    assert (reflex(0.3, 99.0) == -1.0).all()


def test_every_axis_has_its_own_gain() -> None:
    gains = np.array([np.linspace(0, 1, N), np.zeros(N)])
    out = np.empty(N)
    reflex_excitation(np.full(N, 0.5), np.zeros(N), np.zeros(N), gains, out)
    assert out == pytest.approx(0.5 * np.linspace(0, 1, N))


def test_the_file_gives_every_joint_its_gain_with_damping_in_proportion() -> None:
    nervous = build_nervous(SPEC)
    ratio = SPEC.reflex_damping.value / SPEC.reflex_gain.value
    for axis, gain, damping in zip(
        AXES, nervous.reflex_gain_per_rad, nervous.reflex_damping_s_per_rad, strict=True
    ):
        own = {str(kind): gain.value for kind, gain in SPEC.reflex_gain_at.items()}
        assert gain == own.get(axis.kind, SPEC.reflex_gain.value)
        assert damping == pytest.approx(ratio * gain)
    assert nervous.sensory_delay_s == SPEC.sensory_delay.value
