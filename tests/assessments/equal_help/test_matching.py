"""The search for the firmness that helps as much as is asked for."""

from math import inf

import pytest

from dmi_sim.assessments.equal_help.matching import PRECISION, SOFTEST, least_firmness


@pytest.mark.parametrize("needed", [0.01, 0.05, 0.2, 0.37, 0.999])
@pytest.mark.parametrize("power", [0.5, 1.0, 3.0])
def test_help_that_grows_with_firmness_is_matched(needed: float, power: float) -> None:
    found = least_firmness(lambda firmness: firmness**power, needed**power)
    assert needed <= found <= PRECISION * needed


def test_hands_that_cannot_help_so_much_are_not_matched() -> None:
    assert least_firmness(lambda firmness: firmness, 1.01) == inf
    assert least_firmness(lambda _: 0.0, 0.1) == inf


def test_full_firmness_may_be_just_enough() -> None:
    assert least_firmness(lambda firmness: firmness, 1.0) == pytest.approx(1.0, rel=PRECISION - 1)


def test_the_softest_hands_are_taken_where_even_they_are_enough() -> None:
    assert least_firmness(lambda _: 1.0, 0.5) == SOFTEST


def test_where_help_falls_again_the_softer_of_two_hands_is_found() -> None:
    found = least_firmness(lambda firmness: firmness * (1 - firmness), 0.16)  # 0.2 and 0.8
    assert found == pytest.approx(0.2, rel=PRECISION - 1)
