"""Between Bullet's joint states and anatomy, and through cord and muscle: nothing is lost."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import joint_quaternions
from dmi_sim.infant import Infant
from dmi_sim.muscle.force import advance_activation, fibre_motion, muscle_force, muscle_torque
from dmi_sim.muscle.tissue import add_spring_torque
from dmi_sim.nervous.reflex import mass_action, reciprocal_inhibition, stretch_reflex
from dmi_sim.physics.neuromuscular import (
    FLAT_START,
    IS_HINGE,
    NeuromuscularParams,
    child_torques,
    neuromuscular_step,
    unpack_joints,
)
from dmi_sim.physics.neuromuscular_params import build_neuromuscular_params
from tests.physics.joints import flat_of, moving, spin_of, still

RANDOM = np.random.default_rng(8)
ANGLE = RANDOM.normal(0, 0.6, 34)
INFANT = Infant.from_spec(7)
MUSCLES = INFANT.muscles
N = len(MUSCLES.names)
DT_S = 1 / 240
LAW = build_neuromuscular_params(INFANT, np.zeros(34), DT_S)


def test_angles_survive_the_way_through_the_engine() -> None:
    angle, _, quat, _, _ = unpack_joints(flat_of(ANGLE, np.zeros((14, 3))))
    assert angle == pytest.approx(ANGLE)
    assert quat == pytest.approx(joint_quaternions(ANGLE))


def test_the_flat_list_has_a_place_for_every_joint() -> None:
    flat = flat_of(ANGLE, np.zeros((14, 3)))
    widths = np.diff([*FLAT_START, flat.size])
    assert widths.tolist() == [2 if hinge else 7 for hinge in IS_HINGE]


def test_rates_are_the_derivatives_of_angles() -> None:
    step, rate = 1e-6, RANDOM.normal(size=34)
    before, after = (
        unpack_joints(flat_of(ANGLE + sign * step * rate, np.zeros((14, 3))))[2] for sign in (-1, 1)
    )
    spin = np.empty((14, 3))
    for j, (a, b) in enumerate(zip(before, after, strict=True)):
        conjugate = np.array([-a[0], -a[1], -a[2], a[3]])
        imaginary = conjugate[3] * b[:3] + b[3] * conjugate[:3] + np.cross(conjugate[:3], b[:3])
        spin[j] = 2 * imaginary / (2 * step)
    assert unpack_joints(flat_of(ANGLE, spin))[1] == pytest.approx(rate, abs=1e-4)


def joint_power(child: Vector, spin: Vector) -> float:
    """Power of child-frame torques (14, 3), a hinge's in its first number [W]."""
    on_balls = (child[~IS_HINGE] * spin[~IS_HINGE]).sum()
    return float(on_balls + (child[IS_HINGE, 0] * spin[IS_HINGE, 1]).sum())


@pytest.mark.parametrize("seed", range(5))
def test_torques_do_the_same_work_on_joints_as_on_angles(seed: int) -> None:
    random = np.random.default_rng(seed)
    angle, rate, torque = random.normal(0, 0.6, 34), *random.normal(size=(2, 34))
    jacobian = unpack_joints(moving(angle, rate))[4]
    power = joint_power(child_torques(torque, jacobian), spin_of(angle, rate))
    assert power == pytest.approx(torque @ rate, rel=1e-12)


def test_a_knee_that_flexes_is_driven_by_its_one_torque() -> None:
    torque = np.zeros(34)
    torque[AXIS_INDEX["left_knee.flexion"]] = 2.0
    jacobian = unpack_joints(still(np.zeros(34)))[4]
    child = child_torques(torque, jacobian)
    assert np.abs(child).sum() == 2.0
    assert IS_HINGE[np.flatnonzero(np.abs(child).sum(axis=1))].all()


def memory_of(
    activation: Vector | float = 0.0,
    excitation: Vector | float = 0.0,
    length: Vector | float = 100.0,
    noise: Vector | float = 0.0,
) -> Vector:
    """What an infant has in mind; by default nothing, reflexes asleep."""
    rows = (activation, excitation, length, 1.0 + noise, 0.0, 0.0)
    return np.array([np.broadcast_to(row, N) for row in rows], dtype=np.float64)


def lain_still(angle: Vector, slots: int = 40) -> Vector:
    """SupportSprings of an infant who has long been at these angles."""
    delay_buffer = np.zeros((slots, 2, N + 34))
    delay_buffer[:, 0] = np.concatenate([MUSCLES.length_at(angle), angle])
    return delay_buffer


def bare(law: NeuromuscularParams) -> NeuromuscularParams:
    """The law without tissue: torques are those of muscles alone, damping is not softened."""
    tissue = law.tissue * np.array([[0], [1], [1], [1], [0], [0], [1e30]])
    return law._replace(tissue=tissue, implicit_damping=np.eye(34))


@pytest.mark.parametrize("seed", range(5))
def test_the_power_of_the_muscles_arrives_in_the_joints(seed: int) -> None:
    """Force x shortening velocity = child-frame torque x child-frame spin, at any pose."""
    random = np.random.default_rng(seed)
    angle, rate, muscle_state = random.normal(0, 0.5, 34), random.normal(size=34), memory_of()
    muscle_state[0] = muscle_state[1] = random.uniform(0, 1, N)  # excitation holds activation
    delay_buffer = lain_still(angle)
    child, _ = neuromuscular_step(moving(angle, rate), 0, muscle_state, delay_buffer, bare(LAW))
    length, velocity, force = delay_buffer[0, 0, :N], delay_buffer[0, 1, :N], np.empty((4, N))
    muscle_force(muscle_state[0], length, velocity, LAW.fibre, force)
    by_muscles = -(force[0] + force[1]) @ (velocity * MUSCLES.optimal_length_m)
    assert joint_power(child, spin_of(angle, rate)) == pytest.approx(by_muscles, rel=1e-12)


def test_the_compiled_step_is_made_of_its_parts() -> None:
    """At rest, so that nothing is damped, and with the present stretch known to the cord."""
    muscle_state = memory_of(RANDOM.uniform(0, 0.5, N), RANDOM.uniform(0, 0.3, N), 0.9)
    delay_buffer = lain_still(ANGLE)
    drive, activation, work = np.empty(N), muscle_state[0].copy(), np.empty(34 + N)
    lengths, speeds = np.empty((2, N))
    fibre_motion(ANGLE, np.zeros(34), LAW.fibre, LAW.arm_index, LAW.moment_arm_m, lengths, speeds)
    stretch_reflex(muscle_state[1], muscle_state[2], lengths, speeds, LAW.reflex, drive)
    reciprocal_inhibition(drive, LAW.reflex[3], LAW.arm_index, LAW.moment_arm_share, work)
    mass_action(drive, LAW.reflex[4], LAW.limb)
    advance_activation(activation, np.clip(drive, 0, 1), LAW.fibre[4], LAW.fibre[5])
    force, torque = np.empty((4, N)), np.empty((3, 34))
    muscle_force(activation, lengths, speeds, LAW.fibre, force)
    muscle_torque(force, LAW.arm_index, LAW.moment_arm_m, LAW.fibre[6], torque)
    add_spring_torque(ANGLE, LAW.tissue, torque[0])
    whole, fastest = neuromuscular_step(still(ANGLE), 0, muscle_state, delay_buffer, LAW)
    assert muscle_state[0] == pytest.approx(activation)
    jacobian = unpack_joints(still(ANGLE))[4]
    assert whole == pytest.approx(child_torques(torque[0], jacobian), abs=1e-9)
    assert fastest == 0.0


def test_the_fastest_joint_is_told() -> None:
    rate = RANDOM.normal(size=34)
    _, fastest = neuromuscular_step(moving(ANGLE, rate), 0, memory_of(), lain_still(ANGLE), LAW)
    assert fastest == pytest.approx(np.abs(rate).max())


def wakes_at(muscle: str, law: NeuromuscularParams = LAW) -> int:
    """Physics step after a sudden stretch of all joints at which a muscle first wakes."""
    at, before, after = MUSCLES.index(muscle), np.zeros(34), np.zeros(34)
    after[:] = -0.4 * np.sign(MUSCLES.moment_arms_m[at])  # against its pull
    delay_buffer = lain_still(before)
    muscle_state = memory_of(length=MUSCLES.length_at(before))
    for tick in range(delay_buffer.shape[0]):
        neuromuscular_step(
            still(before if tick < 3 else after), tick, muscle_state, delay_buffer, law
        )
        if muscle_state[0, at] > 0:
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
    for error, drive in ((0.5, 0.6), (-0.5, 0.2), (-2.0, 0.0), (9.0, 1.0)):
        muscle_state = memory_of(excitation=0.4, noise=error)
        # No inhibition: all muscles of a joint are excited alike here.
        law = LAW._replace(reflex=LAW.reflex * np.array([[1], [1], [1], [0], [1], [1], [1]]))
        neuromuscular_step(still(ANGLE), 0, muscle_state, lain_still(ANGLE), law)
        assert muscle_state[0] == pytest.approx(LAW.fibre[4] * drive)


def test_excitation_beyond_all_is_all() -> None:
    muscle_state = memory_of(length=-50.0)
    neuromuscular_step(still(ANGLE), 0, muscle_state, lain_still(ANGLE), LAW)
    assert muscle_state[0].max() == pytest.approx(LAW.fibre[4].max())


def test_a_spastic_calf_answers_to_a_fast_stretch_though_nothing_is_commanded() -> None:
    gain = tuple(0.3 * (name == "left_soleus") for name in MUSCLES.names)
    quick = replace(INFANT.nervous, phasic_gain_s=gain, reflex_delay_s=(0.0,) * N)
    law = build_neuromuscular_params(replace(INFANT, nervous=quick), np.zeros(34), DT_S)
    rate = np.zeros(34)
    woken: list[float] = []
    for speed in (0.5, 8.0):
        rate[AXIS_INDEX["left_ankle.flexion"]] = speed
        muscle_state = memory_of()
        neuromuscular_step(
            moving(np.zeros(34), rate), 0, muscle_state, lain_still(np.zeros(34)), law
        )
        woken.append(float(muscle_state[0, MUSCLES.index("left_soleus")]))
        assert np.count_nonzero(muscle_state[0]) <= 1
    assert woken[0] == 0.0 < woken[1]
