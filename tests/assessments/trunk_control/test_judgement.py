"""Rules of the segmental assessment, on synthetic postures."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.assessments.trunk_control.judgement import (
    Posture,
    active_duration_s,
    is_kept,
    judge_active,
    judge_reactive,
    judge_static,
    longest_neutral_s,
    movement_times_s,
    push_times_s,
    reactive_duration_s,
)
from dmi_sim.catalog import Catalog
from dmi_sim.spec.assessment import SegmentalSpec

RULES = Catalog.shipped().load(SegmentalSpec, "trunk")
NEUTRAL, STATIC, ACTIVE, REACTIVE = RULES.neutral, RULES.static, RULES.active, RULES.reactive
HZ = 30
Curve = Callable[[NDArray[np.float64]], NDArray[np.bool_]]


def posture(seconds: float, tilted: Curve = lambda t: t < 0, segment: str = "trunk_rad") -> Posture:
    """An upright posture in which one segment tilts by 45 degrees at some times."""
    time = np.arange(round(seconds * HZ) + 1) / HZ
    none = np.zeros(time.size)
    upright = Posture(time, none, none, np.zeros((time.size, 34)))
    tilt = np.where(tilted(time), np.pi / 4, 0.0)
    return (
        replace(upright, trunk_rad=tilt)
        if segment == "trunk_rad"
        else replace(upright, head_rad=tilt)
    )


def turning(sizes_deg: dict[str, float]) -> Posture:
    """An upright posture with a head turn of given size, left positive, during each movement."""
    turned = posture(active_duration_s(ACTIVE))
    for name, (begin, end) in movement_times_s(ACTIVE).items():
        inside = (turned.time_s > begin + 1) & (turned.time_s < end - 1)
        turned.angle_rad[inside, AXIS_INDEX["neck.rotation"]] = np.radians(sizes_deg[name])
    return turned


def test_five_uninterrupted_seconds_are_static_control() -> None:
    assert judge_static(posture(5.0), NEUTRAL, STATIC).passed
    assert not judge_static(posture(4.9), NEUTRAL, STATIC).passed
    in_two_pieces = posture(8.0, lambda t: (t > 4) & (t < 4.9))
    assert not judge_static(in_two_pieces, NEUTRAL, STATIC).passed


@pytest.mark.parametrize("segment", ["trunk_rad", "head_rad"])
def test_head_and_trunk_both_count(segment: str) -> None:
    tilted = posture(8.0, lambda t: t > 3, segment)
    assert judge_static(tilted, NEUTRAL, STATIC).seen["neutral_s"] == pytest.approx(3.0)


def test_a_short_lapse_is_overlooked_but_not_the_beginning_of_a_fall() -> None:
    lapse = posture(8.0, lambda t: (t > 4) & (t < 4.3))
    assert longest_neutral_s(lapse, NEUTRAL) == pytest.approx(8.0)
    falling = posture(8.0, lambda t: t > 7.8)
    assert longest_neutral_s(falling, NEUTRAL) == pytest.approx(7.8)


def test_a_posture_that_was_not_recorded_counts_as_not_kept() -> None:
    assert is_kept(posture(5.0), NEUTRAL, 1.0, 5.0)
    assert not is_kept(posture(4.0), NEUTRAL, 1.0, 5.0)


def test_active_control_needs_a_turn_to_each_side() -> None:
    both = {"turn left": 45.0, "turn right": -45.0}
    assert judge_active(turning(both), NEUTRAL, ACTIVE).passed
    for name in both:
        halfway = turning({**both, name: both[name] / 2})
        assert not judge_active(halfway, NEUTRAL, ACTIVE).passed
        to_one_side = turning({**both, name: -both[name]})
        assert not judge_active(to_one_side, NEUTRAL, ACTIVE).passed


def test_active_control_needs_neutral_all_along() -> None:
    turned = turning({"turn left": 45.0, "turn right": -45.0})
    sagged = replace(turned, head_rad=np.where(turned.time_s > 6, 1.0, 0.0))
    assert not judge_active(sagged, NEUTRAL, ACTIVE).passed


def test_reactive_control_allows_a_short_departure_from_neutral() -> None:
    seconds = reactive_duration_s(REACTIVE)
    for at in push_times_s(REACTIVE).values():
        prompt = posture(seconds, lambda t, at=at: (t > at) & (t < at + 1.2))
        late = posture(seconds, lambda t, at=at: (t > at) & (t < at + 1.8))
        assert judge_reactive(prompt, NEUTRAL, REACTIVE).passed
        assert not judge_reactive(late, NEUTRAL, REACTIVE).passed


def test_reactive_control_reports_the_recovery_time_after_each_push() -> None:
    at = push_times_s(REACTIVE)["left"]
    shoved = posture(reactive_duration_s(REACTIVE), lambda t: (t > at) & (t < at + 1.2))
    seen = judge_reactive(shoved, NEUTRAL, REACTIVE).seen
    assert seen["regained_from_left_s"] == pytest.approx(1.2, abs=1.5 / HZ)
    assert seen["regained_from_right_s"] == 0


def test_a_fall_is_no_recovery() -> None:
    assert not judge_reactive(posture(5.0), NEUTRAL, REACTIVE).passed


def test_an_infant_that_was_not_upright_before_the_push_has_no_reactive_control() -> None:
    slumped = posture(reactive_duration_s(REACTIVE), lambda t: t < 1.5)
    assert not judge_reactive(slumped, NEUTRAL, REACTIVE).passed


def test_the_rules_do_not_impose_an_order_of_static_active_and_reactive() -> None:
    """Postures can pass the active and reactive tests and fail the static one."""
    steady = turning({"turn left": 45.0, "turn right": -45.0})
    fidgety = posture(8.0, lambda t: (t > 4) & (t < 4.9))
    assert judge_active(steady, NEUTRAL, ACTIVE).passed
    assert judge_reactive(posture(10.0), NEUTRAL, REACTIVE).passed
    assert not judge_static(fidgety, NEUTRAL, STATIC).passed
