"""Bursts of known muscles are recovered from trials."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.assessments.postural_responses.platform_trials import moves_of
from dmi_sim.assessments.postural_responses.reading import read_move, read_response
from dmi_sim.errors import InputError
from tests.assessments.postural_responses.electromyograms import (
    directions,
    muscles,
    procedure,
    trial,
)

DORSAL_UPWARD = {
    "left_hamstrings": 0.10,
    "left_longissimus": 0.12,
    "left_spinalis": 0.14,
    "left_splenius": 0.16,
}
VENTRAL = {"left_rectus_abdominis": 0.11, "right_longus": 0.3}


def test_dorsal_muscles_respond_to_a_fall_forward_from_the_hip_up() -> None:
    seen = read_response(trial(DORSAL_UPWARD), "forward", directions(), procedure())
    assert seen.agonists.first_s == pytest.approx(0.10, abs=1 / 240)
    assert np.diff(seen.agonists.by_level_s) == pytest.approx(-0.02, abs=1 / 240)
    assert seen.agonist_first
    assert seen.agonist_larger
    assert seen.agonist_first_by_level == (True,) * 4
    assert np.isnan(seen.antagonists.first_s)
    assert seen.latency_s[muscles().index("left_hamstrings")] == seen.agonists.first_s


def test_dorsal_muscles_are_antagonists_in_a_fall_backward() -> None:
    seen = read_response(trial(DORSAL_UPWARD), "backward", directions(), procedure())
    assert not seen.agonist_first
    assert not seen.agonist_larger
    assert not any(seen.agonist_first_by_level)


def test_central_drive_may_have_another_order_than_the_whole_response() -> None:
    """A reflex of the antagonists comes first; the controller responds with the agonists."""
    seen = trial({"left_longissimus": 0.12, "right_rectus_abdominis": 0.05})
    reflex = trial({"right_rectus_abdominis": 0.05}).activation
    read = read_response(replace(seen, reflexive=reflex), "forward", directions(), procedure())
    assert not read.agonist_first
    assert read.central_agonist_first


def test_first_within_a_level_and_first_of_all_are_judged_separately() -> None:
    seen = read_response(trial({**DORSAL_UPWARD, **VENTRAL}), "forward", directions(), procedure())
    assert seen.agonist_first
    assert seen.agonist_first_by_level == (True, True, False, True)
    assert seen.pattern == (True, True, True, True, True, False, True, False)


def test_size_is_split_by_window_and_by_origin() -> None:
    dorsal = directions().agonists("forward")
    names = [name for name, does in zip(muscles().names, dorsal, strict=True) if does]
    late = trial(dict.fromkeys(names, 0.07), 0.4, reflexive=0.25)
    seen = read_response(late, "forward", directions(), procedure())
    assert seen.agonists.size == pytest.approx({"reflex": 0.0, "postural": 0.4, "central": 0.3})
    assert seen.antagonists.size["postural"] == 0.0
    # agonists 0.5, antagonists 0.1 all along: 2 x 0.1 / 0.6
    assert seen.coactivation == pytest.approx(1 / 3)


def test_a_move_without_a_trial_is_refused() -> None:
    move = moves_of(procedure().platform)[0]
    with pytest.raises(InputError, match="slide backward, slow: the physics failed"):
        read_move(move, [], directions(), procedure())
