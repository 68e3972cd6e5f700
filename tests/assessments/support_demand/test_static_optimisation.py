"""The least muscle effort, against balances computed by hand."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.assessments.support_demand.linearisation import free_motions
from dmi_sim.assessments.support_demand.result import Effort
from dmi_sim.assessments.support_demand.static_optimisation import least_effort
from dmi_sim.assessments.support_demand.static_posture import StaticPosture
from dmi_sim.body.statics import GRAVITY_M_S2, gravity_torque
from dmi_sim.muscle.passive import passive_torque_nm
from dmi_sim.muscle.strength import active_torques
from tests.assessments.support_demand.postures import (
    DOWNWARDS,
    hands,
    scaled,
    sitting,
    without_passive_tissue,
)


def tilted(posture: StaticPosture, forward_deg: float) -> StaticPosture:
    """The same posture on a tilted floor, so that the infant leans forward."""
    lean = np.radians(forward_deg)
    return replace(posture, up_pelvis=np.array([-np.sin(lean), 0.0, np.cos(lean)]))


def test_the_activation_balances_weight_and_tissue_without_hands() -> None:
    posture = tilted(sitting(12), 5)
    effort = least_effort(posture, hands("none"))
    force = gravity_torque(posture.masses, posture.angle_rad, posture.up_pelvis)
    asked = np.abs(free_motions(posture).T @ force).max()
    muscles, angle = posture.infant.muscles, posture.angle_rad
    active = active_torques(muscles, angle) @ effort.activation
    force[6:] += active + passive_torque_nm(muscles, angle)
    assert free_motions(posture).T @ force == pytest.approx(np.zeros(21), abs=1e-3 * asked)


def test_the_largest_least_squares_activation_lies_between_the_least_share_and_1() -> None:
    effort = least_effort(tilted(sitting(12), 5), hands("pelvis"))
    assert effort.share_of_strength <= max(effort.activation) + 1e-6 <= 1 + 1e-6
    assert min(effort.activation) >= 0


def test_an_infant_twice_as_strong_uses_half_its_strength() -> None:
    posture = without_passive_tissue(tilted(sitting(), 5), fibre_length=0.9)
    stronger = replace(posture, infant=scaled(posture.infant, 2.0))
    shares = [least_effort(one, hands("none")).share_of_strength for one in (posture, stronger)]
    assert shares[1] == pytest.approx(shares[0] / 2, rel=0.02)


def test_a_leaning_head_takes_at_least_the_share_of_the_neck_in_balance() -> None:
    """Hands at C7 leave the head to the neck: torque of its weight over that of the extensors."""
    posture = without_passive_tissue(tilted(sitting(), 40), fibre_length=0.9)
    axis = AXIS_INDEX["neck.flexion"]
    head = posture.infant.segments["head"]
    load_nm = head.mass_kg * GRAVITY_M_S2 * head.com_m[2] * np.sin(np.radians(40))
    active_nm = active_torques(posture.infant.muscles, posture.angle_rad)[axis]
    effort = least_effort(posture, hands("shoulder_girdle"))
    assert effort.share_of_strength >= load_nm / -active_nm[active_nm < 0].sum() - 1e-6
    assert effort.limiting_axis.startswith("neck.")


def test_a_frail_infant_cannot_hold_the_posture() -> None:
    posture = tilted(sitting(), 10)
    frail = replace(posture, infant=scaled(posture.infant, 0.01))
    effort = least_effort(frail, hands("none"))
    assert effort.share_of_strength > 1
    assert not effort.is_possible
    assert effort.activation == ()
    assert effort.mean_square == float("inf")


def test_without_any_muscle_no_strength_would_do() -> None:
    posture = tilted(sitting(), 10)
    limp = replace(posture, infant=scaled(posture.infant, 0.0))
    effort = least_effort(limp, hands("none"))
    assert effort.share_of_strength == float("inf")
    assert not effort.limiting_axis


def test_leans_to_the_left_and_to_the_right_take_the_same_strength() -> None:
    posture, efforts = sitting(), list[Effort]()
    for side in (-1, 1):
        up = np.array([0.0, side * np.sin(0.1), np.cos(0.1)])
        efforts.append(least_effort(replace(posture, up_pelvis=up), hands("none")))
    assert efforts[0].share_of_strength == pytest.approx(efforts[1].share_of_strength, rel=1e-6)


@pytest.mark.parametrize("age", [0, 6, 24])
def test_hands_at_any_site_never_make_a_lean_harder_to_hold(age: float) -> None:
    for lean_deg in (10, -10):
        posture = tilted(sitting(age), lean_deg)
        alone = least_effort(posture, hands("none")).share_of_strength
        for site in DOWNWARDS[:-1]:
            assert least_effort(posture, hands(site)).share_of_strength <= alone * (1 + 1e-9), site
