"""Who works, and whether muscles work against each other."""

import numpy as np
import pytest

from dmi_sim.outcome.work import (
    active_work_share,
    coactivation,
    muscle_work_j,
    support_work_j,
    trunk_coactivation,
)
from dmi_sim.recording import Recording
from tests.outcome.recordings import recording

ON_OFF = np.tile([1.0, 0.0], 50)


def worked(muscles: float, hands: float) -> Recording:
    """An episode by the end of which muscles and hands had given work, and taken some."""
    curve = np.linspace([0.0, 0.0], [1.0, -2.0], 61)
    return recording(muscle_work_j=muscles * curve, support_work_j=hands * curve)


def test_work_is_what_was_given_by_the_end_and_not_what_was_taken() -> None:
    assert muscle_work_j(worked(3.0, 1.0)) == pytest.approx(3.0)
    assert support_work_j(worked(3.0, 1.0)) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("muscles", "hands", "share"), [(3.0, 1.0, 0.75), (2.0, 0.0, 1.0), (0.0, 2.0, 0.0)]
)
def test_the_active_share_is_what_muscles_gave_of_all_that_was_given(
    muscles: float, hands: float, share: float
) -> None:
    assert active_work_share(worked(muscles, hands)) == share


def test_where_nobody_worked_there_is_no_share() -> None:
    assert np.isnan(active_work_share(worked(0.0, 0.0)))


def test_muscles_that_take_turns_do_not_coact_and_equal_ones_fully() -> None:
    assert coactivation(ON_OFF, 1 - ON_OFF) == 0.0
    assert coactivation(ON_OFF, ON_OFF) == 1.0
    assert coactivation(ON_OFF, 0 * ON_OFF) == 0.0


def test_the_index_is_twice_the_common_area_over_the_whole() -> None:
    assert coactivation(np.full(10, 0.3), np.full(10, 0.1)) == pytest.approx(0.2 / 0.4)


def test_silent_and_broken_activations_have_no_index() -> None:
    assert np.isnan(coactivation(0 * ON_OFF, 0 * ON_OFF))
    assert np.isnan(coactivation(ON_OFF, np.full(100, np.nan)))


def test_the_trunk_is_the_mean_of_its_muscles_in_front_and_behind() -> None:
    names = np.array(
        ["left_rectus_abdominis", "left_multifidus", "right_multifidus", "left_soleus"]
    )
    activation = np.tile(np.array([0.2, 0.1, 0.5, 1.0], dtype=np.float32), (61, 1))
    seen = recording(activation=activation, muscle_names=names)
    assert trunk_coactivation(seen) == pytest.approx(2 * 0.2 / (0.2 + 0.3))


def test_a_body_without_trunk_muscles_has_no_index() -> None:
    activation = np.ones((61, 1), dtype=np.float32)
    seen = recording(activation=activation, muscle_names=np.array(["left_soleus"]))
    assert np.isnan(trunk_coactivation(seen))
