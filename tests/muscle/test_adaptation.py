"""Muscles follow the lengths at which they live."""

from functools import reduce
from operator import add

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.assessments.bedside.passive_range import first_balance, popliteal_angle
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.muscle.adaptation import (
    SECONDS_PER_DAY,
    FeltStretch,
    adapted,
    held,
    length_scale_after,
    stretch_beyond_rest,
    worked,
)
from dmi_sim.muscle.groups import Muscles, PerMuscle
from dmi_sim.muscle.passive import passive_torque_nm
from dmi_sim.spec.adaptation import AdaptationSpec
from dmi_sim.spec.exercise import posture_rad

SPEC = Catalog.shipped().load(AdaptationSpec, "muscle_length")
INFANT = Infant.from_spec(6)
MUSCLES = INFANT.muscles
UNCHANGED = (1.0,) * len(MUSCLES.names)
TOES_UP = posture_rad({"ankle.flexion": 20})
HALF_AN_HOUR_S = 1800.0


def _days(days: int, posture: Vector, time_s: float, scale: PerMuscle = UNCHANGED) -> PerMuscle:
    """Length scales after days on each of which a posture is held for some time."""
    for _ in range(days):
        felt = held(adapted(MUSCLES, scale), posture, time_s)
        scale = length_scale_after(scale, felt, SECONDS_PER_DAY, SPEC)
    return scale


def _dorsiflexion_deg(muscles: Muscles) -> float:
    """Angle to which an ankle goes under a gentle push against the sole."""
    axis, angle = AXIS_INDEX["left_ankle.flexion"], np.zeros(34)

    def excess_nm(bent: float) -> float:
        angle[axis] = bent
        return 0.5 + float(passive_torque_nm(muscles, angle)[axis])

    return float(np.rad2deg(first_balance(excess_nm, -1.0, 1.5)))


def test_a_muscle_that_feels_nothing_stays_as_the_body_gives_it() -> None:
    after = length_scale_after(UNCHANGED, FeltStretch.none(MUSCLES), SECONDS_PER_DAY, SPEC)
    assert after == UNCHANGED


def test_a_gain_is_gone_but_for_a_twentieth_two_weeks_after_the_stretch() -> None:
    grown = tuple(1.1 * one for one in UNCHANGED)
    after = length_scale_after(grown, FeltStretch.none(MUSCLES), 14 * SECONDS_PER_DAY, SPEC)
    assert after == pytest.approx([1 + 0.1 * 0.05] * len(after), abs=0.001)


def test_passive_stretch_of_half_an_hour_a_day_gains_what_trials_found() -> None:
    gained = _dorsiflexion_deg(adapted(MUSCLES, _days(42, TOES_UP, HALF_AN_HOUR_S)))
    assert 0 < gained - _dorsiflexion_deg(MUSCLES) < 3


def test_a_stretch_lengthens_the_muscles_that_it_stretches_and_shortens_the_others() -> None:
    scale = dict(zip(MUSCLES.names, _days(42, TOES_UP, HALF_AN_HOUR_S), strict=True))
    assert scale["left_soleus"] == scale["right_soleus"] > 1.01
    assert scale["left_tibialis_anterior"] < 0.99
    assert scale["left_biceps"] == 1.0


def test_stretch_is_that_beyond_the_posture_at_rest() -> None:
    rest = np.array(MUSCLES.tissue.rest_rad)
    assert stretch_beyond_rest(MUSCLES, rest) == pytest.approx(np.zeros(len(MUSCLES.names)))


def test_longer_fibres_feel_less_of_the_same_posture() -> None:
    longer = adapted(MUSCLES, tuple(1.1 * one for one in UNCHANGED))
    stretched, before = stretch_beyond_rest(longer, TOES_UP), stretch_beyond_rest(MUSCLES, TOES_UP)
    assert stretched == pytest.approx(before / 1.1)


def test_a_working_muscle_feels_stretch_by_its_activation() -> None:
    n = len(MUSCLES.names)
    full, half = (worked(MUSCLES, TOES_UP, np.full(n, a), 10.0) for a in (1.0, 0.5))
    assert np.array(half.active_s) == pytest.approx(np.array(full.active_s) / 2)
    assert full.active_s == held(MUSCLES, TOES_UP, 10.0).passive_s
    assert full.passive_s == (0.0,) * n


def test_work_of_many_short_times_adds_up_to_that_of_a_long_one() -> None:
    steps = [held(MUSCLES, TOES_UP, 60.0)] * 30
    whole = held(MUSCLES, TOES_UP, HALF_AN_HOUR_S)
    assert reduce(add, steps).passive_s == pytest.approx(whole.passive_s)


def test_no_muscle_leaves_the_range_whatever_it_feels() -> None:
    scale = _days(365, TOES_UP, SECONDS_PER_DAY)
    low, high = SPEC.range.value
    assert low == min(scale)
    assert high == max(scale)


def test_adapted_fibres_are_seen_at_the_bedside() -> None:
    from dataclasses import replace

    longer = replace(INFANT, muscles=adapted(MUSCLES, tuple(1.05 * one for one in UNCHANGED)))
    assert popliteal_angle(longer).angle_rad > popliteal_angle(INFANT).angle_rad + 0.05


def test_ends_of_an_adapted_muscle_stay_where_they_are() -> None:
    longer = adapted(MUSCLES, tuple(1.2 * one for one in UNCHANGED))
    lengths_m = (m.length_at(TOES_UP) * m.optimal_length_m for m in (longer, MUSCLES))
    assert next(lengths_m) == pytest.approx(next(lengths_m))
