"""The direction of a muscle follows from its moment arms."""

from dataclasses import replace

import numpy as np

from dmi_sim.assessments.postural_responses.muscle_directions import (
    OPPOSITE,
    fall_direction,
    muscle_directions,
)
from dmi_sim.spec.responses import DIRECTIONS, Direction
from tests.assessments.postural_responses.electromyograms import directions, muscles, procedure


def named(direction: Direction, level: int) -> set[str]:
    does = directions().pulling(direction) & (directions().level == level)
    return {name for name, one in zip(muscles().names, does, strict=True) if one}


def test_trunk_muscles_pull_in_their_anatomical_directions() -> None:
    assert named("forward", 2) == {"left_rectus_abdominis", "right_rectus_abdominis"}
    assert {"left_longissimus", "left_multifidus"} <= named("backward", 2)
    assert "left_external_oblique" in named("left", 2)
    assert not any(name.startswith("right") for name in named("left", 2))


def test_arm_muscles_pull_in_no_direction() -> None:
    biceps = muscles().index("left_biceps")
    assert directions().level[biceps] == -1
    assert not any(directions().pulling(direction)[biceps] for direction in DIRECTIONS)


def test_agonists_of_one_fall_are_antagonists_of_the_other() -> None:
    for fall in DIRECTIONS:
        assert (directions().agonists(fall) == directions().antagonists(OPPOSITE[fall])).all()
    assert not (directions().pulling("forward") & directions().pulling("backward")).any()


def test_directions_do_not_depend_on_names() -> None:
    """Muscles that swap their moment arms swap their directions."""
    own = muscles()
    swapped = replace(
        own, moment_arm_rows_m=own.moment_arm_rows_m[1::-1] + own.moment_arm_rows_m[2:]
    )
    there = muscle_directions(swapped, procedure().levels, procedure().direction_cosine.value)
    assert (there.pulling("left")[:2] == directions().pulling("left")[1::-1]).all()
    assert there.pulling("left")[:2].any() != there.pulling("left")[:2].all()


def test_left_and_right_mirror_each_other() -> None:
    left, right = directions().pulling("left"), directions().pulling("right")
    assert (left[0::2] == right[1::2]).all()
    assert (left[1::2] == right[0::2]).all()
    assert np.allclose(directions().cosine[0::2, 0], directions().cosine[1::2, 0])


def test_a_seat_that_slides_leaves_the_body_behind_and_one_that_tilts_takes_it_along() -> None:
    assert fall_direction("slide", "backward") == "forward"
    assert fall_direction("tilt", "forward") == "forward"
