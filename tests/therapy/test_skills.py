"""What a therapist knows of exercises before it meets a child."""

import pytest
from pydantic import TypeAdapter, ValidationError

from dmi_sim.errors import InputError
from dmi_sim.names import exercises
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.support import SITES
from dmi_sim.therapy.skills import SiteName, Skill, all_skills, skill_named
from tests.therapy.children import CATALOG, SKILLS, skill


def test_a_therapist_knows_every_exercise_that_one_child_can_practise() -> None:
    shared = [one for one in exercises() if CATALOG.load(ExerciseSpec, one).repertoire == "infant"]
    assert sorted(one.name for one in SKILLS) == sorted(shared)


def test_exercises_of_version_0_are_not_among_them() -> None:
    assert not any(one.name.endswith("_v0") for one in all_skills(CATALOG))


def test_skills_go_from_low_to_high() -> None:
    ages = [one.typical_age_months for one in SKILLS]
    assert ages == sorted(ages)
    assert SKILLS[0].name == "prone_propping"


@pytest.mark.parametrize("one", SKILLS, ids=lambda one: one.name)
def test_sites_go_from_the_head_down_and_are_what_the_exercise_offers(one: Skill) -> None:
    assert one.sites
    assert list(one.sites) == sorted(one.sites, key=SITES.index)
    assert {*one.sites} <= {*CATALOG.load(ExerciseSpec, one.name).supports}


def test_hands_that_hold_hands_are_no_site_of_the_body() -> None:
    assert skill("walking").sites[-2:] == ("thighs", "none")
    assert skill("pull_to_sit").sites == ("shoulder_girdle", "axillae")


def test_a_board_belongs_to_the_exercise_that_begins_in_the_same_pose() -> None:
    boards = {one.name: one.board for one in SKILLS if one.board}
    assert boards == {"sitting": "sitting_tilt", "standing": "standing_tilt"}
    assert {one.name for one in SKILLS if one.is_on_board} == {*boards.values()}


@pytest.mark.parametrize("one", SKILLS, ids=lambda one: one.name)
def test_any_site_has_a_nearest_one_that_is_offered(one: Skill) -> None:
    for site in SITES:
        nearest = one.nearest_site(site)
        assert nearest in one.sites
        assert nearest == site or site not in one.sites


@pytest.mark.parametrize("one", SKILLS, ids=lambda one: one.name)
def test_going_down_again_and_again_ends_at_the_last_site(one: Skill) -> None:
    visited = [one.sites[0]]
    for _ in SITES:
        visited.append(one.site_below(visited[-1]))
    assert tuple(dict.fromkeys(visited)) == one.sites


def test_a_limit_leaves_the_sites_below_it() -> None:
    assert skill("sitting").sites_from("pelvis")[0] == "pelvis"
    assert skill("standing").sites_from("head") == skill("standing").sites
    assert skill("pull_to_sit").sites_from("feet") == ("axillae",)


def test_an_unknown_site_or_exercise_is_named_with_the_nearest_right_one() -> None:
    with pytest.raises(ValidationError, match="no site 'pelvs'; did you mean 'pelvis'"):
        TypeAdapter(SiteName).validate_python("pelvs")
    with pytest.raises(InputError, match="no 'siting'; did you mean 'sitting'"):
        skill_named("siting", SKILLS)
