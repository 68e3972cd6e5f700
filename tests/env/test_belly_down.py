"""What counts only belly down: nothing on the back or on a side, all of it when prone."""

import math

import pytest

from dmi_sim.anatomy import SEGMENT_INDEX, UPPER_THORAX
from dmi_sim.env.belly_down import prone_arms_free, prone_head_lift, prone_segment_righted
from dmi_sim.env.context import StepContext
from tests.env.contexts import make_context, still_state, turned

LENGTH_M = 0.7
UP, FREE_ARM_M = math.pi / 2, 0.3


def facing_down(angle_rad: float) -> StepContext:
    """A body with arms ahead and head lifted that has turned from a side towards the belly."""
    matrix = turned((0.0, 0.0, 0.0))
    matrix[UPPER_THORAX] = turned((0.0, angle_rad, 0.0))[UPPER_THORAX]
    places = matrix[UPPER_THORAX, :, 2] * 0.0 + still_state().segment_pos_world
    ahead = FREE_ARM_M * matrix[UPPER_THORAX, :, 2]
    for side, across_m in (("left", 0.1), ("right", -0.1)):
        shoulder, elbow = SEGMENT_INDEX[f"{side}_upper_arm"], SEGMENT_INDEX[f"{side}_forearm"]
        places[shoulder] = (0.0, across_m, 0.0)
        places[elbow] = places[shoulder] + ahead
    return make_context(
        still_state(
            segment_matrix_world=matrix, segment_pos_world=places, head_height_m=0.15 * LENGTH_M
        )
    )


@pytest.mark.parametrize(("angle_rad", "share"), [(UP, 1.0), (0.5, math.sin(0.5)), (-UP, 0.0)])
def test_free_arms_and_a_lifted_head_count_as_far_as_the_chest_faces_down(
    angle_rad: float, share: float
) -> None:
    lying = facing_down(angle_rad)
    assert prone_arms_free(lying) == pytest.approx(share)
    assert prone_head_lift(lying, resting=0.1, lifted=0.15) == pytest.approx(share)
    assert prone_head_lift(lying, resting=0.1, lifted=0.2) == pytest.approx(share / 2)
    assert prone_segment_righted(lying, segment="head") == pytest.approx(share)
