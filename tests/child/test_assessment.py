"""What a child can do alone is told with its age, and nothing of the child changes."""

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.child.assessment import Assessment, milestones_reached
from dmi_sim.child.rooms import Rooms
from dmi_sim.errors import InputError
from dmi_sim.spec.milestones import MilestonesSpec
from dmi_sim.spec.progress import ProgressSpec
from tests.child.plain import brain_spec, child, programme

CATALOG = Catalog.shipped()
MILESTONES = CATALOG.load(MilestonesSpec, "who").milestones


def test_a_child_is_assessed_in_every_exercise_and_stays_as_it_is() -> None:
    one, same = (child(programme=programme(week=())) for _ in range(2))
    one.run(weeks=4)
    same.run(weeks=4)
    found = one.assess(trials=1)
    assert one == same
    assert found == one.assess(trials=1)
    assert set(found.success) == set(found.fell) == set(Rooms({}).exercises)
    assert (found.week, found.age_months, found.trials) == (4, one.age_months, 1)
    assert 0 <= found.score <= 1
    assert not found.milestones["walking_alone"]


def test_each_exercise_counts_alike() -> None:
    success = {"sitting": 1.0, "standing": 0.5, "walking": 0.0}
    assert Assessment(6.0, 0, 10, success, {}, {}, {}).score == 0.5


@pytest.mark.parametrize("name", [n for n, one in MILESTONES.items() if one.exercise])
def test_a_milestone_is_reached_with_its_own_exercise_alone(name: str) -> None:
    exercise = MILESTONES[name].exercise
    assert exercise is not None
    reached = milestones_reached({exercise: 0.5}, 0.5, CATALOG)
    assert [other for other, is_reached in reached.items() if is_reached] == [name]
    assert not any(milestones_reached({exercise: 0.49}, 0.5, CATALOG).values())


def test_milestones_that_no_exercise_comes_near_to_are_left_out() -> None:
    reached = milestones_reached({}, 0.5, CATALOG)
    assert set(reached) == {name for name, one in MILESTONES.items() if one.exercise}


def test_without_a_trial_nothing_is_known() -> None:
    with pytest.raises(InputError, match="episodes = 0 must be at least 1"):
        child(brain=brain_spec()).assess(trials=0)


@pytest.mark.parametrize(("field", "value"), [("trials", 0), ("reached", 0.0), ("reached", 1.5)])
def test_an_assessment_that_tells_nothing_is_refused(field: str, value: float) -> None:
    told = CATALOG.load(ProgressSpec, "alone").model_dump()
    told[field] = {**told[field], "value": value}
    with pytest.raises(ValueError, match=f"{field}: {value} is"):
        ProgressSpec.model_validate(told)
