"""Scarf sign and popliteal angle: the balance of a pull and passive resistance."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.assessments.bedside.passive_range import (
    FOREFOOT,
    MOTIONS,
    dorsiflexion,
    first_balance,
    popliteal_angle,
    ranges_deg,
    scarf_sign,
)
from dmi_sim.body.kinematics import joint_quaternions
from dmi_sim.body.rotation import matrix_of
from dmi_sim.infant import Infant
from dmi_sim.muscle.passive import passive_torque_nm
from dmi_sim.spec.exercise import posture_rad
from tests.assessments.bedside.infants import rises, softer, typical

KNEE = AXIS_INDEX["left_knee.flexion"]
ANKLE = AXIS_INDEX["left_ankle.flexion"]


def test_the_limb_stops_where_resistance_first_equals_the_pull() -> None:
    assert first_balance(lambda x: 1 - x, 0, 3) == pytest.approx(1)
    assert first_balance(lambda x: np.cos(2 * np.pi * x), 0, 3) == pytest.approx(0.25)


def test_a_free_limb_reaches_the_upper_limit_and_a_blocked_one_stays_at_the_lower() -> None:
    assert first_balance(lambda _: 1.0, 0, 3) == 3
    assert first_balance(lambda _: -1.0, 0, 3) == 0


@pytest.mark.parametrize("age_months", [0.0, 6.0, 24.0])
def test_at_the_popliteal_angle_the_knee_resists_as_much_as_the_examiner_pulls(
    age_months: float,
) -> None:
    infant = typical(age_months)
    found = popliteal_angle(infant)
    angle = posture_rad({"hip.flexion": 110, "hip.abduction": 20})
    angle[KNEE] = np.pi - found.angle_rad
    resisted = passive_torque_nm(infant.muscles, angle)[KNEE]
    assert resisted == pytest.approx(found.force_n * infant.lengths.shank, rel=1e-3)


@pytest.mark.parametrize("age_months", [0.0, 6.0, 24.0])
def test_an_ankle_resists_as_much_as_the_examiner_pushes(age_months: float) -> None:
    infant = typical(age_months)
    found = dorsiflexion(infant)
    angle = posture_rad({"ankle.flexion": np.degrees(found.angle_rad)})
    resisted = -passive_torque_nm(infant.muscles, angle)[ANKLE]
    assert resisted == pytest.approx(found.force_n * FOREFOOT * infant.lengths.foot, rel=1e-3)


def test_longer_calves_let_the_ankle_bend_further_and_nothing_else() -> None:
    plain, long = (
        ranges_deg(Infant.from_spec(12, fibre_lengths=lengths))
        for lengths in ({}, {"soleus": 1.1, "gastrocnemius": 1.1})
    )
    assert {*plain} == {*MOTIONS}
    assert min(long["ankle_dorsiflexion"]) > max(plain["ankle_dorsiflexion"]) + 1
    assert long["scarf_sign"] == plain["scarf_sign"]


def test_the_upper_arm_points_along_the_crossing_angle() -> None:
    """The shoulder angles of the scarf sign give that direction in the kinematics of the model."""
    infant = typical(6)
    crossing = scarf_sign(infant).crossing_rad
    angle = np.zeros(34)
    angle[AXIS_INDEX["left_shoulder.abduction"]] = -np.pi / 2 * np.sin(crossing)
    angle[AXIS_INDEX["left_shoulder.flexion"]] = np.pi / 2 * np.cos(crossing)
    arm = matrix_of(joint_quaternions(angle)[4]) @ np.array([0, 0, -1])
    assert arm == pytest.approx([np.cos(crossing), -np.sin(crossing), 0], abs=1e-9)


def test_left_and_right_are_alike_in_a_typical_infant() -> None:
    infant = typical(6)
    left, right = scarf_sign(infant, "left"), scarf_sign(infant, "right")
    assert left.crossing_rad == pytest.approx(right.crossing_rad, abs=1e-6)
    knees = [popliteal_angle(infant, side).angle_rad for side in ("left", "right")]
    assert knees[0] == pytest.approx(knees[1], abs=1e-6)


def test_softer_tissue_and_fibres_let_arm_and_knee_go_further() -> None:
    soft = [softer(typical(6), factor) for factor in (1.0, 0.75, 0.5)]
    assert rises(scarf_sign(infant).crossing_rad for infant in soft)
    assert rises(scarf_sign(infant).past_midline for infant in soft)
    assert rises(popliteal_angle(infant).angle_rad for infant in soft)


def test_a_contracture_of_the_knee_keeps_it_bent() -> None:
    def contracted(infant: Infant, lowest_deg: float) -> Infant:
        tissue = infant.muscles.tissue
        lowest = list(tissue.lowest_rad)
        lowest[KNEE] = np.radians(lowest_deg)
        bent = replace(tissue, lowest_rad=tuple(lowest))
        return replace(infant, muscles=replace(infant.muscles, tissue=bent))

    free, bent = typical(12), contracted(typical(12), 70)
    assert popliteal_angle(bent).angle_rad < popliteal_angle(free).angle_rad - np.radians(10)
    assert popliteal_angle(bent).angle_rad == pytest.approx(np.radians(110), abs=np.radians(15))
