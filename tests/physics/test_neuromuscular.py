"""Through cord and muscle: nothing is lost between joint states and joint torques."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.infant import Infant
from dmi_sim.muscle.force import (
    Muscle,
    advance_activation,
    fibre_motion,
    muscle_force,
    muscle_torque,
)
from dmi_sim.muscle.tissue import add_spring_torque
from dmi_sim.nervous.reflex import mass_action, reciprocal_inhibition, stretch_reflex
from dmi_sim.physics.coordinates import generalised_torques, unpack_joints
from dmi_sim.physics.neuromuscular import NeuromuscularParams, delayed_joints, neuromuscular_step
from dmi_sim.physics.neuromuscular_params import build_neuromuscular_params
from dmi_sim.records import Records
from tests.muscle.muscles import changed, muscles_at
from tests.nervous.reflexes import moved
from tests.physics.joints import joint_numbers, moving, spin_of, still
from tests.physics.memory import lain_still

RANDOM = np.random.default_rng(8)
ANGLE = RANDOM.normal(0, 0.6, 34)
INFANT = Infant.from_spec(7)
MUSCLES = INFANT.muscles
N = len(MUSCLES.names)
DT_S = 1 / 240
LAW = build_neuromuscular_params(INFANT, np.zeros(34), DT_S)


def minded(noise: float = 0.0, **columns: Any) -> Records[Muscle]:
    """Muscles with what their infant has in mind; by default nothing, reflexes asleep."""
    return changed(muscles_at(n=N), noise_factor=1.0 + noise, **columns)


def bare(law: NeuromuscularParams) -> NeuromuscularParams:
    """The law without tissue: torques are those of muscles alone, damping is not softened."""
    names = ("stiffness_nm_per_rad", "end_stiffness_nm_per_rad", "damping_nms_per_rad")
    tissue = changed(law.tissue, **dict.fromkeys(names, 0.0))
    return law._replace(
        tissue=tissue, implicit_damping=np.eye(34), active_inertia_kgm2=np.full(34, 1e30)
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_power_of_the_muscles_arrives_in_the_joints(seed: int) -> None:
    """Force x shortening velocity = child-frame torque x child-frame spin, at any pose."""
    random = np.random.default_rng(seed)
    angle, rate = random.normal(0, 0.5, 34), random.normal(size=34)
    active = random.uniform(0, 1, N)
    muscle = minded(activation=active, excitation=active)  # excitation holds activation
    history = lain_still(MUSCLES, angle)
    torque, _ = neuromuscular_step(*moving(angle, rate), 0, muscle, history, bare(LAW))
    motion = history.fibre[0]
    force = muscle_force(muscle, motion, LAW.fibre)
    shortening_m_s = -motion["velocity"] * MUSCLES.optimal_length_m
    by_muscles = (force["still_n"] + force["moving_n"]) @ shortening_m_s
    by_joints = torque @ joint_numbers(spin_of(angle, rate))
    assert by_joints == pytest.approx(by_muscles, rel=1e-12)


def test_the_compiled_step_is_made_of_its_parts() -> None:
    """At rest, so that nothing is damped, and with the present stretch known to the cord."""
    muscle = minded(
        activation=RANDOM.uniform(0, 0.5, N),
        excitation=RANDOM.uniform(0, 0.3, N),
        commanded_length=0.9,
    )
    alone, motion = muscle.copy(), moved(np.zeros(N), 0.0)
    fibre_motion(ANGLE, np.zeros(34), LAW.fibre, LAW.arms, motion)
    drive = stretch_reflex(alone, motion, LAW.reflex)
    reciprocal_inhibition(drive, LAW.reflex, LAW.arms)
    mass_action(drive, LAW.reflex)
    advance_activation(alone, np.clip(drive, 0, 1), LAW.fibre)
    torque = muscle_torque(muscle_force(alone, motion, LAW.fibre), LAW.arms, LAW.fibre)["still_nm"]
    add_spring_torque(ANGLE, LAW.tissue, torque)
    history = lain_still(MUSCLES, ANGLE)
    whole, fastest = neuromuscular_step(*still(ANGLE), 0, muscle, history, LAW)
    assert muscle["activation"] == pytest.approx(alone["activation"])
    jacobian = unpack_joints(*still(ANGLE))[4]
    assert whole == pytest.approx(generalised_torques(torque, jacobian), abs=1e-9)
    assert fastest == 0.0


def test_the_fastest_joint_is_told() -> None:
    rate = RANDOM.normal(size=34)
    history = lain_still(MUSCLES, ANGLE)
    _, fastest = neuromuscular_step(*moving(ANGLE, rate), 0, minded(), history, LAW)
    assert fastest == pytest.approx(np.abs(rate).max())


def test_joints_are_remembered_each_as_long_as_its_nerve_takes() -> None:
    delays, history = np.arange(34) % 7, lain_still(MUSCLES, ANGLE, rows=9)
    past = [ANGLE + 0.01 * step for step in range(20)]
    for step, angle in enumerate(past):
        neuromuscular_step(*still(angle), step, minded(), history, LAW)
    felt, rate = delayed_joints(history.joint, 19, delays)
    assert felt == pytest.approx(np.array([past[19 - d][i] for i, d in enumerate(delays)]))
    assert (rate == 0).all()


def wakes_at(muscle: str, law: NeuromuscularParams = LAW) -> int:
    """Physics step after a sudden stretch of all joints at which a muscle first wakes."""
    at, before, after = MUSCLES.index(muscle), np.zeros(34), np.zeros(34)
    after[:] = -0.4 * np.sign(MUSCLES.moment_arms_m[at])  # against its pull
    history = lain_still(MUSCLES, before)
    awaiting = minded(commanded_length=MUSCLES.length_at(before))
    for tick in range(history.fibre.shape[0]):
        neuromuscular_step(*still(before if tick < 3 else after), tick, awaiting, history, law)
        if awaiting["activation"][at] > 0:
            return tick - 3
    raise AssertionError(f"{muscle} never wakes")


@pytest.mark.parametrize(
    "muscle", ["left_splenius", "right_longissimus", "left_hamstrings", "right_soleus"]
)
def test_a_stretch_acts_after_the_delay_to_the_very_step(muscle: str) -> None:
    delay_s = INFANT.nervous.reflex_delay_s[MUSCLES.index(muscle)]
    assert wakes_at(muscle) == round(delay_s / DT_S)


@pytest.mark.parametrize("delay_s", [0.0, DT_S, 0.1])
def test_any_delay_is_kept(delay_s: float) -> None:
    slow = replace(INFANT.nervous, reflex_delay_s=(delay_s,) * N)
    law = build_neuromuscular_params(replace(INFANT, nervous=slow), np.zeros(34), DT_S)
    assert wakes_at("left_soleus", law) == round(delay_s / DT_S)


def test_noise_scales_what_the_cord_sends() -> None:
    """Relative error of the drive; a negative drive is none."""
    # No inhibition: all muscles of a joint are excited alike here.
    law = LAW._replace(reflex=changed(LAW.reflex, reciprocal_inhibition=0.0))
    for error, drive in ((0.5, 0.6), (-0.5, 0.2), (-2.0, 0.0), (9.0, 1.0)):
        muscle = minded(excitation=0.4, noise=error)
        neuromuscular_step(*still(ANGLE), 0, muscle, lain_still(MUSCLES, ANGLE), law)
        assert muscle["activation"] == pytest.approx(LAW.fibre["rise"] * drive)


def test_excitation_beyond_all_is_all() -> None:
    muscle = minded(commanded_length=-50.0)
    neuromuscular_step(*still(ANGLE), 0, muscle, lain_still(MUSCLES, ANGLE), LAW)
    assert muscle["activation"].max() == pytest.approx(LAW.fibre["rise"].max())


def test_a_spastic_calf_answers_to_a_fast_stretch_though_nothing_is_commanded() -> None:
    gain = tuple(0.3 * (name == "left_soleus") for name in MUSCLES.names)
    quick = replace(INFANT.nervous, phasic_gain_s=gain, reflex_delay_s=(0.0,) * N)
    law = build_neuromuscular_params(replace(INFANT, nervous=quick), np.zeros(34), DT_S)
    rate = np.zeros(34)
    woken: list[float] = []
    for speed in (0.5, 8.0):
        rate[AXIS_INDEX["left_ankle.flexion"]] = speed
        muscle, history = minded(), lain_still(MUSCLES, np.zeros(34))
        neuromuscular_step(*moving(np.zeros(34), rate), 0, muscle, history, law)
        woken.append(float(muscle["activation"][MUSCLES.index("left_soleus")]))
        assert np.count_nonzero(muscle["activation"]) <= 1
    assert woken[0] == 0.0 < woken[1]
