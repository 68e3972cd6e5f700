"""A brain changes over months: it learns slower with age, keeps habits, and forgets in a pause."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from dmi_sim.catalog import Catalog
from dmi_sim.child.child import Child
from dmi_sim.child.plasticity import after_week, habit_pull, learning_rate_factor
from dmi_sim.spec.plasticity import PlasticitySpec
from tests.child.plain import PlainSession, child, programme

SPEC = Catalog.shipped().load(PlasticitySpec, "infant")
HABITS_ONLY = SPEC.model_copy(update={"forgetting": None, "learning_rate": None})
FORGETTING_ONLY = SPEC.model_copy(update={"habits": None, "learning_rate": None})
NOW, BEFORE = {"weights": np.array([1.0, 3.0])}, {"weights": np.array([0.0, 1.0])}


def left_of(after: Mapping[str, Any]) -> Any:
    """Share of the way from before to now that is left."""
    return (after["weights"] - BEFORE["weights"]) / (NOW["weights"] - BEFORE["weights"])


def test_older_children_learn_slower_and_a_condition_may_count_too() -> None:
    factors = [learning_rate_factor(SPEC, age) for age in (0, 6, 12, 24)]
    assert factors == sorted(factors, reverse=True)
    assert learning_rate_factor(None, 24) == 1.0
    half = {"value": 0.5, "unit": "1", "basis": "assumed", "note": "-"}
    further = PlasticitySpec.model_validate({"title": "-", "by_condition": {"hypotonia": half}})
    assert learning_rate_factor(further, 6, "hypotonia") == 0.5
    assert learning_rate_factor(further, 6, "typical") == 1.0


def test_a_habit_of_long_practice_pulls_harder_than_a_young_one() -> None:
    assert SPEC.habits is not None
    pulls = [habit_pull(SPEC.habits, hours) for hours in (0, 10, 100, 1000)]
    assert pulls == sorted(pulls)
    assert pulls[0] == 0
    assert pulls[-1] == pytest.approx(SPEC.habits.pull.value, rel=0.01)


def test_practice_is_drawn_back_to_the_habit_and_the_habit_follows_it() -> None:
    young, _ = after_week(NOW, BEFORE, HABITS_ONLY, 0.0, practised=True)
    old, anchor = after_week(NOW, BEFORE, HABITS_ONLY, 1000.0, practised=True)
    assert left_of(young) == pytest.approx([1, 1])
    assert left_of(old) == pytest.approx([0.9, 0.9], abs=0.001)
    assert (left_of(anchor) > 0).all()
    assert (left_of(anchor) < left_of(old)).all()


def test_weeks_without_practice_are_forgotten_by_their_time_constant() -> None:
    numbers: Mapping[str, Any] = NOW
    anchor: Mapping[str, Any] = BEFORE
    for _ in range(9):
        numbers, anchor = after_week(numbers, anchor, FORGETTING_ONLY, 50.0, practised=False)
    assert left_of(numbers) == pytest.approx(np.exp(-63 / 60))
    assert anchor is BEFORE
    kept, _ = after_week(NOW, BEFORE, FORGETTING_ONLY, 50.0, practised=True)
    assert kept is NOW


def test_a_habit_that_became_one_is_not_forgotten() -> None:
    numbers: Mapping[str, Any] = NOW
    anchor: Mapping[str, Any] = BEFORE
    for _ in range(52):
        numbers, anchor = after_week(NOW, anchor, HABITS_ONLY, 0.0, practised=True)
    spec = SPEC.model_copy(update={"learning_rate": None})
    for _ in range(52):
        numbers, anchor = after_week(numbers, anchor, spec, 0.0, practised=False)
    assert (left_of(numbers) > 0.99).all()


def test_a_child_does_nothing_but_learn_unless_asked() -> None:
    one, other = child(), child(plasticity=None)
    assert one == other
    assert one.description.plasticity is None
    assert not one.brain.anchor


def test_a_child_whose_brain_changes_is_saved_and_resumed_exactly(tmp_path: Path) -> None:
    plan = programme(week=[PlainSession()])
    whole, saved = (child(programme=plan, plasticity="infant") for _ in range(2))
    whole.run(weeks=2)
    saved.run(folder=tmp_path / "child")
    resumed = Child.resume(tmp_path / "child", plan)
    resumed.run()
    assert resumed == whole
    plain = child(programme=plan)
    plain.run(weeks=2)
    assert whole.brain != plain.brain


def test_a_pause_takes_from_a_brain_that_forgets_and_leaves_the_child_as_it_is() -> None:
    one = child(programme=programme(week=[PlainSession()]), plasticity=FORGETTING_ONLY)
    one.run()
    before = one.brain
    one.assess(trials=1, pause_weeks=8)
    assert one.brain == before
    assert one.week == 1


def test_a_brain_cannot_unlearn_by_a_learning_rate_below_zero() -> None:
    curve = {"age_months": [0, 1], "value": [1, -1], "unit": "1", "basis": "assumed", "note": "-"}
    with pytest.raises(ValidationError, match="a factor is below 0"):
        PlasticitySpec.model_validate({"title": "-", "learning_rate": curve})
