"""Shapes: from a measure to a number between 0 and 1."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmi_sim.env.shaping import clipped, gaussian, gaussian_of_square, share_of

DEVIATION = st.floats(-10, 10)
WIDTH = st.floats(0.01, 10)


@given(DEVIATION, WIDTH)
def test_a_gaussian_lies_within_0_and_1_and_does_not_care_for_the_sign(
    deviation: float, width: float
) -> None:
    assert 0 <= gaussian(deviation, width) <= 1
    assert gaussian(deviation, width) == gaussian(-deviation, width)


def test_a_gaussian_is_1_at_nothing_and_1_over_e_at_its_width() -> None:
    assert gaussian(0.0, 0.3) == 1.0
    assert gaussian(0.3, 0.3) == pytest.approx(math.exp(-1))
    assert gaussian(0.6, 0.3) == pytest.approx(math.exp(-4))


@given(DEVIATION, WIDTH)
def test_from_the_square_a_gaussian_is_the_same(deviation: float, width: float) -> None:
    assert gaussian_of_square(deviation**2, width) == pytest.approx(gaussian(deviation, width))


@pytest.mark.parametrize(("value", "share"), [(-1, 0), (0, 0), (1, 0.25), (4, 1), (9, 1)])
def test_a_share_lies_within_0_and_1(value: float, share: float) -> None:
    assert share_of(value, 4) == share


def test_nothing_missing_is_all_reached() -> None:
    assert share_of(0.0, 0.0) == 1.0


@given(st.floats(-2, 2))
def test_a_clipped_cosine_has_an_angle(value: float) -> None:
    assert 0 <= math.acos(clipped(value)) <= math.pi
    assert clipped(value) == value or abs(value) > 1
