"""The infant that a clinician would recognise: findings follow severity, age and no time step."""

from functools import cache

import numpy as np
import pytest

from dmi_sim.assessments.bedside.passive_range import popliteal_angle, scarf_sign
from dmi_sim.assessments.bedside.slip_through import slip_through
from dmi_sim.infant import Infant
from tests.assessments.bedside.infants import pulled, rises, suspended, swung, tilted

SEVERITIES = (0.0, 0.25, 0.5, 0.75, 1.0)
LESION_ROOTS = ("L4", "L5", "S1", "S2")


@cache
def infants(condition: str, age_months: float, **options: object) -> tuple[Infant, ...]:
    """The same infant at rising severity."""
    return tuple(
        Infant.from_spec(age_months, "female", condition, severity, options)
        for severity in SEVERITIES
    )


@pytest.mark.parametrize("age_months", [3.0, 6.0, 12.0])
class TestHypotonia:
    def test_the_head_lags_more(self, age_months: float) -> None:
        assert rises(pulled(one).lag_rad for one in infants("hypotonia", age_months))

    def test_head_and_legs_hang_lower_in_ventral_suspension(self, age_months: float) -> None:
        found = [suspended(one) for one in infants("hypotonia", age_months)]
        assert rises(-one.head_rad for one in found)
        assert rises(-one.back_rad for one in found)
        assert rises(-one.leg_rad for one in found)

    def test_the_shoulders_carry_less(self, age_months: float) -> None:
        found = [slip_through(one) for one in infants("hypotonia", age_months)]
        assert rises(-one.carried for one in found)
        assert found[-1].slip >= found[0].slip

    def test_arm_and_knee_go_further(self, age_months: float) -> None:
        found = infants("hypotonia", age_months)
        assert rises(scarf_sign(one).crossing_rad for one in found)
        assert rises(popliteal_angle(one).angle_rad for one in found)

    def test_the_leg_swings_further_and_longer(self, age_months: float) -> None:
        found = [swung(one) for one in infants("hypotonia", age_months)]
        assert rises(one.first_swing_rad for one in found)
        assert np.all(np.diff([one.swings for one in found]) >= 0)
        assert found[-1].swings > found[0].swings

    def test_the_trunk_falls_further_on_a_tilted_seat(self, age_months: float) -> None:
        found = [tilted(one) for one in infants("hypotonia", age_months)]
        assert rises(one.forward_trunk_rad for one in found)
        assert rises(one.sideways_trunk_rad for one in found)


def test_a_hypotonic_newborn_slips_through_more_than_a_typical_one() -> None:
    assert rises(slip_through(one).slip for one in infants("hypotonia", 0.0))


@pytest.mark.parametrize("age_months", [6.0, 12.0, 24.0])
def test_the_more_spastic_the_shorter_the_first_swing_and_the_fewer_swings(
    age_months: float,
) -> None:
    found = [swung(one) for one in infants("spastic_cp", age_months)]
    assert rises(-one.first_swing_rad for one in found)
    assert rises(-one.relaxation_index for one in found)
    assert np.all(np.diff([one.swings for one in found]) <= 0)
    assert found[-1].swings < found[0].swings


def test_the_knee_of_a_spastic_leg_opens_less() -> None:
    assert rises(-popliteal_angle(one).angle_rad for one in infants("spastic_cp", 24.0))


def test_a_leg_on_the_spared_side_swings_as_if_nothing_were_wrong() -> None:
    one_sided = {"topography": "unilateral", "side": "right"}
    found = [swung(one) for one in infants("spastic_cp", 24.0, **one_sided)]
    assert found[-1].first_swing_rad == pytest.approx(found[0].first_swing_rad, rel=0.01)


class TestLesion:
    def test_nothing_is_active_below_the_level(self) -> None:
        complete = infants("spinal_cord_lesion", 6.0, level="L3")[-1]
        muscles = complete.muscles
        below = [roots[0] in LESION_ROOTS for roots in muscles.roots]
        for seen in (suspended(complete).state, pulled(complete).state, tilted(complete).state):
            force = seen.activation * np.array(muscles.peak_force_n)
            assert sum(below) > 10
            assert not force[below].any()
            assert force[np.logical_not(below)].any()

    def test_legs_hang_lower_the_more_is_lost(self) -> None:
        found = [suspended(one) for one in infants("spinal_cord_lesion", 6.0, level="T12")]
        assert rises(-one.leg_rad for one in found)

    def test_head_and_arms_above_the_level_are_spared(self) -> None:
        found = infants("spinal_cord_lesion", 6.0, level="L3")
        lags = [pulled(one).lag_rad for one in (found[0], found[-1])]
        assert lags[1] == pytest.approx(lags[0], abs=np.radians(5))
        assert slip_through(found[-1]) == slip_through(found[0])


def test_severity_0_has_the_findings_of_the_typical_infant() -> None:
    typical = Infant.from_spec(6.0)
    for condition in ("hypotonia", "spastic_cp", "spinal_cord_lesion"):
        mild = infants(condition, 6.0)[0]
        assert pulled(mild) == pulled(typical)
        assert swung(mild) == swung(typical)


AGES = (0.0, 6.0, 24.0)
HALF_TURN_RAD = np.pi


@cache
def girl(age_months: float) -> Infant:
    return Infant.from_spec(age_months)


@pytest.mark.parametrize("age_months", AGES)
class TestHalfTheTimeStep:
    """Under 3 % of the finding; of its range, half a turn, where an angle may pass through 0."""

    def test_pull_to_sit(self, age_months: float) -> None:
        fine, usual = pulled(girl(age_months), 480), pulled(girl(age_months))
        for name in ("lag_rad", "largest_lag_rad", "end_lag_rad", "trunk_end_rad"):
            assert abs(getattr(fine, name) - getattr(usual, name)) < 0.03 * HALF_TURN_RAD
        assert fine.has_head_lag == usual.has_head_lag

    def test_ventral_suspension(self, age_months: float) -> None:
        fine, usual = suspended(girl(age_months), 480), suspended(girl(age_months))
        for name in ("head_rad", "back_rad", "arm_rad", "leg_rad"):
            assert abs(getattr(fine, name) - getattr(usual, name)) < 0.03 * HALF_TURN_RAD

    def test_tilted_seat(self, age_months: float) -> None:
        fine, usual = tilted(girl(age_months), 480), tilted(girl(age_months))
        for side in ("forward", "sideways"):
            for part in ("trunk", "head"):
                name = f"{side}_{part}_rad"
                assert abs(getattr(fine, name) - getattr(usual, name)) < 0.03 * HALF_TURN_RAD

    def test_pendulum(self, age_months: float) -> None:
        fine, usual = swung(girl(age_months), 480), swung(girl(age_months))
        assert fine.first_swing_rad == pytest.approx(usual.first_swing_rad, rel=0.03)
        assert fine.relaxation_index == pytest.approx(usual.relaxation_index, rel=0.03)
        assert fine.swings == usual.swings
