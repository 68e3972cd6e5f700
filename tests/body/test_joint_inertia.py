"""The compiled inertia of the joints against the mass matrix of the textbook."""

import numpy as np
import pytest

from dmi_sim.body.joint_inertia import joint_inertia_of
from dmi_sim.body.kinematics import inertial_params, mass_matrix
from dmi_sim.infant import Infant

AGES = (0.0, 7.0, 24.0)


@pytest.mark.parametrize("age_months", AGES)
@pytest.mark.parametrize("spread_rad", [0.0, 0.3, 1.0])
def test_it_is_what_the_joints_meet_while_the_pelvis_is_free(
    age_months: float, spread_rad: float
) -> None:
    """The inverse of the joints' block of the inverse mass matrix."""
    body = inertial_params(Infant.from_spec(age_months).ordered_segments)
    angle = np.random.default_rng(0).normal(0, spread_rad, 34)
    expected = np.linalg.inv(np.linalg.inv(mass_matrix(body, angle))[6:, 6:])
    found = joint_inertia_of(body, angle)
    assert found == pytest.approx(expected, abs=1e-12 * np.abs(expected).max())
    assert np.linalg.eigvalsh(found).min() > 0
