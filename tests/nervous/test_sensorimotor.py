"""Sensorimotor parameters of a typical infant: delays, noise and reflexes over age."""

import numpy as np
import pytest

from dmi_sim.anatomy import AXES, AXIS_INDEX, region_of
from dmi_sim.body.anthropometry import curve_at
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.nervous.sensorimotor import with_sensory_delay
from dmi_sim.spec.nervous import NervousSpec

AGES = (0.0, 3.0, 6.0, 12.0, 24.0)
INFANTS = {age: Infant.from_spec(age) for age in AGES}
SPEC = Catalog.shipped().load(NervousSpec, "spinal")
H_REFLEX_TERM_S = 0.017
"""Shortest mean latency of the triceps surae H-reflex at term: Hakamada et al. (1988), Dev. Brain
Res. 42, 239-246."""


def loop_s(age_months: float, muscle: str) -> float:
    infant = INFANTS[age_months]
    return infant.nervous.reflex_delay_s[infant.muscles.index(muscle)]


def test_the_reflex_delay_of_a_newborns_calf_is_the_latency_of_its_h_reflex() -> None:
    assert loop_s(0, "left_soleus") == pytest.approx(H_REFLEX_TERM_S, abs=0.003)


@pytest.mark.parametrize("age_months", AGES)
def test_delays_grow_with_the_distance_from_the_spinal_cord(age_months: float) -> None:
    order = ("left_splenius", "left_biceps", "left_vasti", "left_soleus")
    loops = [loop_s(age_months, name) for name in order]
    assert (np.diff(loops) > 0).all()
    delays = INFANTS[age_months].nervous.proprioceptive_delay_s
    joints = ("neck", "left_elbow", "left_knee", "left_ankle")
    assert (np.diff([delays[AXIS_INDEX[f"{joint}.flexion"]] for joint in joints]) > 0).all()


@pytest.mark.parametrize("age_months", AGES)
def test_both_sides_have_equal_reflex_delays(age_months: float) -> None:
    for name in INFANTS[age_months].muscles.names:
        if name.startswith("left_"):
            twin = name.replace("left_", "right_")
            assert loop_s(age_months, name) == loop_s(age_months, twin)


@pytest.mark.parametrize("age_months", AGES)
def test_a_reflex_loop_conducts_both_ways_and_joint_sense_one_way(age_months: float) -> None:
    """Reflex loop = two paths and a synapse; joint sense = one path and the central delay."""
    nervous, muscles = INFANTS[age_months].nervous, INFANTS[age_months].muscles
    for i, axis in enumerate(AXES):
        conduction_s = nervous.proprioceptive_delay_s[i] - nervous.central_delay_s
        loop = nervous.reflex_delay_s[muscles.regions.index(region_of(axis.kind))]
        assert loop == pytest.approx(2 * conduction_s + SPEC.synaptic_delay.value)


def test_the_central_delay_falls_with_age_and_exceeds_every_reflex_delay() -> None:
    central = [INFANTS[age].nervous.central_delay_s for age in AGES]
    assert (np.diff(central) <= 0).all()
    assert central[-1] < 0.8 * central[0]
    for age in AGES:
        assert max(INFANTS[age].nervous.reflex_delay_s) < INFANTS[age].nervous.central_delay_s


def test_reflex_delays_scale_with_body_length() -> None:
    short, tall = (Infant.from_spec(6, length_z=z) for z in (-2.0, 2.0))
    ratio = tall.size.length_m / short.size.length_m
    conduction = [
        np.array(infant.nervous.reflex_delay_s) - SPEC.synaptic_delay.value
        for infant in (short, tall)
    ]
    assert conduction[1] == pytest.approx(ratio * conduction[0])


def test_sensory_and_motor_noise_fall_with_age() -> None:
    noise = [INFANTS[age].nervous.noise for age in AGES]
    for name in ("angle_rad", "rate_rad_s", "tilt_rad", "angular_velocity_rad_s", "pressure"):
        assert (np.diff([getattr(one, name) for one in noise]) < 0).all()
    assert (np.diff([INFANTS[age].nervous.motor_noise[0] for age in AGES]) < 0).all()


def test_newborns_have_reciprocal_excitation_and_toddlers_reciprocal_inhibition() -> None:
    """Myklebust & Gottlieb (1993), Child Dev. 64, 1036-1045: reciprocal excitation at birth."""
    shares = [INFANTS[age].nervous.reciprocal_inhibition[0] for age in AGES]
    assert shares[0] < 0 < shares[-1]
    assert (np.diff(shares) > 0).all()


@pytest.mark.parametrize("age_months", AGES)
def test_a_typical_infant_has_full_sensation_and_selectivity_and_no_spasticity(
    age_months: float,
) -> None:
    nervous = INFANTS[age_months].nervous
    assert set(nervous.sensation) == set(nervous.selectivity) == {1.0}
    assert set(nervous.phasic_gain_s) == {0.0}


def test_reflexes_are_those_of_the_region_where_a_muscle_acts() -> None:
    nervous, muscles = INFANTS[6.0].nervous, INFANTS[6.0].muscles
    excitability = curve_at(SPEC.excitability, 6.0)
    for m, region in enumerate(muscles.regions):
        spec = SPEC.reflex[region]
        assert nervous.reflex_gain[m] == pytest.approx(excitability * spec.gain.value)
        assert nervous.reflex_velocity_s[m] == spec.velocity.value
        assert nervous.reflex_threshold[m] == spec.threshold.value


def test_reflex_gains_fall_in_the_first_year_as_the_h_reflex_does() -> None:
    """Largest H over largest M of the triceps surae: 0.70 at term, 0.30 at 12 months (Hakamada)."""
    gains = np.array([INFANTS[age].nervous.reflex_gain for age in AGES])
    left = gains[3] / gains[0]
    assert ((left >= 0.30 / 0.70) & (left < 0.9)).all()
    assert (np.diff(gains, axis=0) <= 0).all()


def test_a_chosen_sensory_delay_replaces_all_sensory_delays_and_no_reflex_delay() -> None:
    own = INFANTS[6.0].nervous
    chosen = with_sensory_delay(own, 0.123)
    assert set(chosen.proprioceptive_delay_s) == {0.123}
    assert chosen.central_delay_s == 0.123
    assert chosen.reflex_delay_s == own.reflex_delay_s
    assert chosen.noise == own.noise
