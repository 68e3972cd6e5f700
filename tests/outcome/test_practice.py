"""Hours to a criterion: the first test that meets it, or all practice where none does."""

import numpy as np
import pytest

from dmi_sim.outcome.practice import HoursToCriterion, hours_to_criterion

DOSE_H = np.array([0.0, 0.5, 1.0, 1.5])


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ((0.0, 0.2, 0.9, 1.0), HoursToCriterion(1.0, is_met=True)),
        ((0.0, 0.8, 0.1, 0.1), HoursToCriterion(0.5, is_met=True)),
        ((0.9, 0.0, 0.0, 0.0), HoursToCriterion(0.0, is_met=True)),
        ((0.0, 0.2, 0.4, 0.79), HoursToCriterion(1.5, is_met=False)),
        ((0.0, 0.2, 0.4, 0.8), HoursToCriterion(1.5, is_met=True)),
        ((0.0, np.nan, 0.9, 0.0), HoursToCriterion(1.0, is_met=True)),
    ],
)
def test_hours_end_with_the_first_test_that_meets_the_criterion(
    shares: tuple[float, ...], expected: HoursToCriterion
) -> None:
    assert hours_to_criterion(DOSE_H, np.array(shares), 0.8) == expected


def test_hours_are_the_area_under_the_share_of_infants_still_waiting() -> None:
    """The mean over infants is the restricted mean time to the criterion."""
    rng = np.random.default_rng(0)
    shares = rng.random((200, len(DOSE_H)))
    waited = [hours_to_criterion(DOSE_H, row, 0.8).hours for row in shares]
    waiting = [np.mean([not (row[: k + 1] >= 0.8).any() for row in shares]) for k in range(3)]
    assert np.mean(waited) == pytest.approx(float(np.sum(waiting * np.diff(DOSE_H))))
