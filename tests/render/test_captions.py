"""Under the last picture stands how the episode ended."""

import pytest

from dmi_sim.render.captions import ending
from tests.outcome.recordings import recording


@pytest.mark.parametrize(
    ("is_success", "fell", "words"),
    [
        (False, False, ""),
        (False, True, "fell"),
        (True, False, "succeeded"),
        (True, True, "succeeded, then fell"),
    ],
)
def test_success_and_fall_are_told_beside_each_other(
    is_success: bool, fell: bool, words: str
) -> None:
    assert ending(recording(is_success=is_success, fell=fell)) == words


def test_a_fault_of_the_physics_is_no_fall() -> None:
    assert ending(recording(is_success=False, physics_fault=True)) == "stopped by a physics fault"
