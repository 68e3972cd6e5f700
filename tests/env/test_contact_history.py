"""The load on each segment and the steps: what a history of contacts remembers, and what not."""

import numpy as np
import pytest

from dmi_sim.anatomy import SEGMENT_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.env.contact_history import LOAD_S, ContactHistory, Steps

DT_S = 1 / 30
LIFTED = 0.03


def forces(**share: float) -> Vector:
    out = np.zeros(15)
    for segment, value in share.items():
        out[SEGMENT_INDEX[segment]] = value
    return out


def after(contacts: list[Vector]) -> ContactHistory:
    history = ContactHistory()
    for contact in contacts:
        history = history.after(contact, np.zeros(15), DT_S)
    return history


def foot_load(contacts: list[Vector]) -> float:
    return float(after(contacts).load[SEGMENT_INDEX["left_foot"]])


def test_the_load_is_known_from_the_first_step() -> None:
    assert foot_load([forces(left_foot=0.7)]) == pytest.approx(0.7)
    assert foot_load([forces(left_foot=0.6), forces(left_foot=0.8)]) == pytest.approx(0.7)


def test_the_flicker_of_contacts_is_no_change_of_load() -> None:
    flicker = [forces(left_foot=1.0 if step % 2 else 0.0) for step in range(60)]
    assert foot_load(flicker) == pytest.approx(0.5, abs=0.06)


def test_a_load_is_forgotten_with_its_time_constant() -> None:
    steps = round(LOAD_S / DT_S)
    unloaded = [forces(left_foot=1.0)] * 60 + [forces()] * steps
    assert foot_load(unloaded) == pytest.approx((1 - 1 / steps) ** steps)


def steps_of(*phases: tuple[float, bool, bool], lifted: float = LIFTED) -> Steps:
    """Phases of some duration [s] in which left and right are down or not."""
    steps = Steps()
    for duration_s, *down in phases:
        left, right = down
        for _ in range(round(duration_s / DT_S)):
            height = (0.0 if left else lifted, 0.0 if right else lifted)
            steps = steps.after((left, right), height, DT_S)
    return steps


BOTH = (0.1, True, True)
LEFT, RIGHT = (0.2, False, True), (0.2, True, False)


def test_a_step_is_a_limb_that_is_lifted_and_put_down() -> None:
    assert steps_of(BOTH, LEFT).alternate == 0
    assert steps_of(BOTH, LEFT, BOTH).alternate == 1
    assert steps_of(BOTH, LEFT, BOTH, RIGHT, BOTH, LEFT, BOTH).alternate == 3


def test_steps_of_one_side_in_a_row_count_once() -> None:
    assert steps_of(LEFT, BOTH, LEFT, BOTH, LEFT, BOTH).alternate == 1
    assert steps_of(LEFT, BOTH, LEFT, BOTH, RIGHT, BOTH).alternate == 2


def test_a_limb_that_is_dragged_makes_no_step() -> None:
    assert steps_of(LEFT, BOTH, RIGHT, BOTH, lifted=0.005).alternate == 0


def test_a_contact_that_flickers_is_no_step() -> None:
    blink = (DT_S, False, True)
    assert steps_of(*[blink, (DT_S, True, True)] * 20).alternate == 0


def test_a_hop_is_no_step_whichever_foot_lands_first() -> None:
    hop, left_first, right_first = (0.3, False, False), (DT_S, True, False), (DT_S, False, True)
    assert steps_of(*[BOTH, hop, left_first, BOTH, hop, right_first, BOTH] * 3).alternate == 0


def test_who_hangs_in_hands_with_no_foot_on_the_ground_makes_no_step() -> None:
    assert steps_of(BOTH, (1.0, False, False), BOTH).alternate == 0


@pytest.mark.parametrize(
    ("limbs", "segment"), [("hands", "forearm"), ("knees", "thigh"), ("feet", "foot")]
)
def test_hands_knees_and_feet_step_with_the_segment_that_touches(limbs: str, segment: str) -> None:
    standing = {f"{side}_{segment}": 0.3 for side in ("left", "right")}
    height = np.zeros(15)
    height[SEGMENT_INDEX[f"left_{segment}"]] = LIFTED
    history = ContactHistory()
    for _ in range(6):
        history = history.after(forces(**{f"right_{segment}": 0.3}), height, DT_S)
    history = history.after(forces(**standing), np.zeros(15), DT_S)
    assert {name: one.alternate for name, one in history.steps.items()} == {
        "hands": 0, "knees": 0, "feet": 0, limbs: 1,
    }  # fmt: skip


def test_a_history_is_never_changed() -> None:
    history = ContactHistory()
    history.after(forces(left_foot=1.0), np.zeros(15), DT_S)
    assert not history.load.any()
    assert history.elapsed_s == 0.0
