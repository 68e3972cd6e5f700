"""Four controllers on the same episodes."""

from pathlib import Path

import numpy as np
import pytest

from dmi_sim.assessments.exercise_comparison.procedure import (
    CONTROLLERS,
    INFANTS,
    ControllerName,
    compare,
)
from dmi_sim.errors import InputError
from tests.assessments.bundles import save_sitter


def test_a_feedback_sitter_succeeds_and_reflexes_a_limp_body_and_chance_do_not(
    tmp_path: Path,
) -> None:
    scores = {"steps_to_success": 6e4, "minutes_to_success": 2.0}
    folders = [
        save_sitter(tmp_path / "sitting_0", scores=scores),
        save_sitter(tmp_path / "sitting_1"),
    ]
    reported: list[ControllerName] = []
    found = compare("sitting", folders, 1, lambda _, controller: reported.append(controller))
    assert (found.site, found.age_months, found.typical_age_months) == ("none", 7.0, 6.0)
    assert tuple(reported) == tuple(found.trials) == CONTROLLERS
    assert found.trials["trained"].success.tolist() == [[1.0], [1.0]]
    for other in CONTROLLERS[1:]:
        assert found.trials[other].success.sum() == 0
        assert found.trials[other].completion.max() < 0.5
    assert found.training_costs[0].steps == 6e4
    assert np.isnan(found.training_costs[1].minutes)
    assert found.scores == (scores, {})


def test_without_policies_the_other_three_controllers_get_the_least_support() -> None:
    found = compare("pull_to_sit", episodes=1)
    assert found.site == "forearms"
    assert tuple(found.trials) == CONTROLLERS[1:]
    assert found.trials["silent_muscles"].completion.shape == (INFANTS, 1)


def test_policies_trained_in_different_environments_are_refused(tmp_path: Path) -> None:
    folders = [
        save_sitter(tmp_path / "sitting_0", {"support": "pelvis"}),
        save_sitter(tmp_path / "sitting_1", {"support": "waist"}),
    ]
    with pytest.raises(InputError, match=r"sitting_1: trained in .*waist"):
        compare("sitting", folders, 1)
