"""Reflexes: stretch reflex, reciprocal inhibition, mass action, spasticity."""

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.arrays import Index, Vector
from dmi_sim.infant import Infant
from dmi_sim.muscle.force import sparse_moment_arms
from dmi_sim.nervous.reflex import (
    mass_action,
    phasic_reflex,
    reciprocal_inhibition,
    stretch_reflex,
)
from dmi_sim.records import rows
from tests.muscle.muscles import muscles_at
from tests.nervous.reflexes import moved, reflexes

GAIN, VELOCITY_S, THRESHOLD, COMMANDED = 4.0, 0.05, 0.03, 0.9
MUSCLES = Infant.from_spec(7).muscles
N = len(MUSCLES.names)
ARMS = sparse_moment_arms(MUSCLES.moment_arms_m)


def reflex(length: float, velocity: float = 0.0, central: float = 0.0) -> float:
    """Drive of one muscle whose commanded length is 0.9 optimal lengths."""
    own = reflexes(1, gain=GAIN, velocity_gain_s=VELOCITY_S, threshold=THRESHOLD)
    muscle = muscles_at(excitation=central, commanded_length=COMMANDED)
    return float(stretch_reflex(muscle, moved(length, velocity), own)[0])


def test_the_stretch_reflex_is_silent_up_to_its_threshold() -> None:
    for length in (0.3, COMMANDED, COMMANDED + THRESHOLD - 1e-9):
        assert reflex(length) == 0.0


def test_beyond_the_threshold_the_drive_is_gain_times_stretch() -> None:
    assert reflex(COMMANDED + THRESHOLD + 0.1) == pytest.approx(GAIN * 0.1)
    assert reflex(COMMANDED + THRESHOLD + 0.2) == pytest.approx(GAIN * 0.2)


def test_lengthening_adds_to_stretch_and_shortening_takes_from_it() -> None:
    length = COMMANDED + THRESHOLD + 0.1
    assert reflex(length, velocity=1.0) == pytest.approx(GAIN * (0.1 + VELOCITY_S))
    assert reflex(length, velocity=-1.0) == pytest.approx(GAIN * (0.1 - VELOCITY_S))
    assert reflex(length, velocity=-3.0) == 0.0
    assert reflex(COMMANDED, velocity=1.0) == pytest.approx(GAIN * (VELOCITY_S - THRESHOLD))


def test_the_stretch_reflex_adds_to_commanded_excitation_and_never_takes_from_it() -> None:
    assert reflex(0.5, central=0.3) == 0.3
    assert reflex(COMMANDED + THRESHOLD + 0.1, central=0.3) == pytest.approx(0.3 + GAIN * 0.1)


def inhibited(drive: dict[str, float], share: float) -> dict[str, float]:
    """Drives after reciprocal inhibition, of the muscles that are named."""
    out = np.zeros(N)
    for name, value in drive.items():
        out[MUSCLES.index(name)] = value
    reciprocal_inhibition(out, reflexes(N, reciprocal_inhibition=share), ARMS)
    return {name: float(out[MUSCLES.index(name)]) for name in drive}


def test_an_active_muscle_inhibits_its_antagonist() -> None:
    after = inhibited({"left_soleus": 0.8, "left_tibialis_anterior": 0.3}, share=0.4)
    assert 0 < after["left_tibialis_anterior"] < 0.3
    assert after["left_soleus"] == 0.8


def along(muscle: str) -> float:
    """Share of a muscle's moment arm that lies along the left knee; positive flexes."""
    direction = np.zeros((N, 34))
    for arm in rows(ARMS):
        direction[arm["muscle"], arm["axis"]] = arm["direction"]
    return float(direction[MUSCLES.index(muscle), AXIS_INDEX["left_knee.flexion"]])


def test_inhibition_is_a_share_of_the_surplus_drive_of_the_antagonist() -> None:
    after = inhibited({"left_vasti": 0.3, "left_hamstrings": 0.9}, share=0.2)
    assert along("left_vasti") == -1.0
    surplus = 0.9 * along("left_hamstrings") - 0.3
    assert after["left_vasti"] == pytest.approx(0.3 - 0.2 * surplus)


def test_muscles_of_other_joints_are_not_inhibited() -> None:
    drive = {"left_brachialis": 0.2, "right_vasti": 0.1, "left_vasti": 0.9}
    assert inhibited(drive, share=0.5) == drive


def test_a_negative_share_excites_the_antagonist_instead() -> None:
    after = inhibited({"left_soleus": 0.8, "left_tibialis_anterior": 0.1}, share=-0.2)
    assert after["left_tibialis_anterior"] > 0.1
    assert after["left_soleus"] == 0.8


def test_balanced_cocontraction_is_not_inhibited() -> None:
    drive = {"left_hamstrings": 0.4, "left_vasti": 0.4 * along("left_hamstrings")}
    after = inhibited(drive, share=0.5)
    assert after["left_vasti"] == pytest.approx(drive["left_vasti"])
    assert after["left_hamstrings"] == pytest.approx(drive["left_hamstrings"])


def test_synergists_do_not_inhibit_each_other() -> None:
    after = inhibited({"left_soleus": 0.8, "left_gastrocnemius": 0.3}, share=0.5)
    assert after == {"left_soleus": 0.8, "left_gastrocnemius": 0.3}


def test_no_drive_falls_below_zero() -> None:
    random = np.random.default_rng(0)
    for share in (-0.5, 0.5, 1.0):
        drive = random.uniform(0, 3, N)
        reciprocal_inhibition(drive, reflexes(N, reciprocal_inhibition=share), ARMS)
        assert drive.min() >= 0


LIMB: Index = np.array([0, 1, 2, 2, 2, 3, 3, 4, 4, 5])
DRIVE = np.array([0.7, 0.1, 0.9, 0.0, 0.3, 0.2, 0.4, 0.6, 0.6, 0.5])


def massed(selectivity: float, limbs: tuple[int, ...] = (0, 1, 2, 3, 4, 5)) -> Vector:
    drive = DRIVE.copy()
    own = np.where(np.isin(LIMB, limbs), selectivity, 1.0)
    mass_action(drive, reflexes(LIMB.size, selectivity=own, limb=LIMB))
    return drive


def test_with_full_selectivity_every_muscle_keeps_its_own_drive() -> None:
    assert massed(1.0) == pytest.approx(DRIVE)


def test_without_selectivity_all_muscles_of_a_limb_have_their_mean_drive() -> None:
    drive = massed(0.0)
    for limb in range(6):
        assert drive[limb == LIMB] == pytest.approx(DRIVE[limb == LIMB].mean())


def test_one_limb_without_selectivity_leaves_the_others_alone() -> None:
    drive = massed(0.0, limbs=(2,))
    assert drive[LIMB == 2] == pytest.approx(np.full(3, 0.4))
    assert drive[LIMB != 2] == pytest.approx(DRIVE[LIMB != 2])


def test_mass_action_spreads_drive_and_keeps_its_sum() -> None:
    for selectivity in (0.0, 0.3, 0.8):
        drive = massed(selectivity)
        assert drive.sum() == pytest.approx(DRIVE.sum())
        assert np.ptp(drive[LIMB == 2]) == pytest.approx(selectivity * np.ptp(DRIVE[LIMB == 2]))


def phasic(velocity: float) -> float:
    drive = np.array([0.2])
    own = reflexes(1, phasic_gain_s=0.5, phasic_threshold_per_s=1.0)
    phasic_reflex(drive, moved(1.0, velocity), own)
    return float(drive[0])


@pytest.mark.parametrize("velocity", [-5.0, 0.0, 0.5, 1.0])
def test_the_phasic_reflex_ignores_slow_stretch_and_shortening(velocity: float) -> None:
    assert phasic(velocity) == 0.2


@pytest.mark.parametrize("velocity", [1.5, 3.0])
def test_fast_stretch_excites_a_spastic_muscle_whatever_the_command(velocity: float) -> None:
    assert phasic(velocity) == pytest.approx(0.2 + 0.5 * (velocity - 1.0))
