"""Programmes by name: what is shipped, and what is wrong with one of one's own."""

from pathlib import Path
from typing import Any

import pytest

import dmi_sim
from dmi_sim.catalog import Catalog
from dmi_sim.check import check_own, sources
from dmi_sim.errors import InputError
from dmi_sim.spec.references import References
from dmi_sim.therapy.programmes import RULES, programme_problems, therapist_of
from tests.therapy.children import CATALOG, PROGRAMMES, SKILLS, programme

EACH_PROGRAMME = pytest.mark.parametrize("name", sorted(PROGRAMMES))


@EACH_PROGRAMME
def test_a_shipped_programme_can_be_followed(name: str) -> None:
    assert programme_problems(PROGRAMMES[name], CATALOG) == ()
    working = therapist_of(name)
    assert working.programme == PROGRAMMES[name]
    assert working.skills == SKILLS


@EACH_PROGRAMME
def test_a_shipped_programme_says_what_it_renders_and_what_is_assumed(name: str) -> None:
    known = CATALOG.load(References, "references").references
    background = PROGRAMMES[name].background
    assert background.rendered
    assert all(one.source in known for one in background.rendered if one.source)
    assert [key for _, key in sources(PROGRAMMES[name])]


def test_shipped_programmes_differ_in_rules_alone() -> None:
    """The same weeks, the same dose, the same free play; only that nobody comes in free play."""
    timetables = {name: one.timetable.model_dump() for name, one in PROGRAMMES.items()}
    assert timetables["free_play"].pop("sessions_a_week") == 0
    assert {one.pop("sessions_a_week") for one in timetables.values() if len(one) == 7} == {3}
    assert all(one == timetables["dmi"] for one in timetables.values())
    assert len({(one.repetitions, one.rest_s) for one in PROGRAMMES.values()}) == 1


def test_programmes_are_listed_by_name() -> None:
    assert dmi_sim.programmes() == tuple(sorted(PROGRAMMES))
    assert {"dmi", "traditional", "matched_support", "as_needed", "hands_off", "free_play"} <= {
        *dmi_sim.programmes()
    }


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"site": "most_proximl"}, "site.rule: no site rule 'most_proximl'; did you mean"),
        ({"exercise": "lowest"}, "exercise.rule: no exercise rule 'lowest'; "),
        ({"site": ("fixed", {})}, "site.params: parameter 'site' is missing"),
        ({"site": ("fixed", {"sit": "waist"})}, "site.params: unknown parameter 'sit'; did you"),
        (
            {"site": ("fixed", {"site": "hips"})},
            "site.params: parameter 'site': no site 'hips'; did you mean 'pelvis'?",
        ),
        (
            {"site": ("most_distal_tolerated", {"of_last": 21})},
            "site.params: parameter 'of_last': Input should be less than or equal to 20 (got 21",
        ),
        (
            {"site": ("most_distal_tolerated", {"start": "midle"})},
            "site.params: parameter 'start': no 'midle'; did you mean 'middle'?",
        ),
        (
            {"site": ("most_distal_tolerated", {"caudal_at": 0.2})},
            "site: rule 'most_distal_tolerated': cranial_at: 0.2 must be below caudal_at 0.2",
        ),
        (
            {"firmness": ("constant", {"firmness": 2})},
            "firmness.params: parameter 'firmness': Input should be less than or equal to 1",
        ),
        (
            {"exercise": ("in_order", {"exercises": ["siting"]})},
            "exercise.params.exercises: 'siting' is no exercise of the common repertoire; did you",
        ),
        (
            {"exercise": ("by_shares", {"exercises": {"sitting_v0": 1}})},
            "exercise.params.exercises: 'sitting_v0' is no exercise of the common repertoire; did",
        ),
        (
            {"exercise": ("by_shares", {"exercises": {"sitting": 0}})},
            "exercise.params: parameter 'exercises': Input should be greater than 0 (got 0",
        ),
        ({"leaves_out": ("siting",)}, "leaves_out: no 'siting' in envs; did you mean 'sitting'?"),
        (
            {"leaves_out": tuple(one.name for one in SKILLS)},
            "leaves_out: leaves no exercise",
        ),
        (
            {"stretch": ("passive", {"joint": "ankle.flexion", "angle_deg": 0, "minutes": 45})},
            "stretch: rule 'passive': minutes: 45 leave no practice in 45 minutes",
        ),
    ],
)
def test_what_is_wrong_with_a_programme_is_said(changes: dict[str, Any], problem: str) -> None:
    found = programme_problems(programme(**changes), CATALOG)
    assert len(found) == 1
    assert found[0].startswith(problem)


@pytest.mark.parametrize(
    ("shares", "problem"),
    [
        ({"siting": 1}, "timetable.free_play[0].shares: no 'siting' in envs; did you mean"),
        ({"sitting_v0": 1}, "timetable.free_play[0].shares: 'sitting_v0' is no exercise of the"),
        ({"pull_to_sit": 1}, "timetable.free_play[0].shares: 'pull_to_sit' takes hands, and"),
    ],
)
def test_free_play_is_of_exercises_that_a_child_can_do_alone(
    shares: dict[str, float], problem: str
) -> None:
    timetable = PROGRAMMES["dmi"].timetable.model_dump()
    timetable["free_play"] = [{"from_months": 0, "minutes_a_day": 10, "shares": shares}]
    (found,) = programme_problems(programme(timetable=timetable), CATALOG)
    assert found.startswith(problem)


def test_a_therapist_of_a_programme_that_is_wrong_is_refused() -> None:
    with pytest.raises(InputError, match=r"programme: site\.rule: no site rule 'nowhere'"):
        therapist_of(programme(site="nowhere"))
    with pytest.raises(InputError, match="no such file; did you mean 'dmi'"):
        therapist_of("dim")


def test_a_programme_of_ones_own_is_checked_and_followed(tmp_path: Path) -> None:
    folder = tmp_path / "models/programmes"
    folder.mkdir(parents=True)
    text = CATALOG.text(type(PROGRAMMES["dmi"]), "dmi")
    (folder / "own.yaml").write_text(text.replace("start: middle", "start: caudal"))
    assert check_own(tmp_path, CATALOG).problems == ()
    own = Catalog(tmp_path, *CATALOG.roots)
    working = therapist_of("own", own)
    assert working.order(working.begin(6, seed=0)).support == "none"
    (folder / "own.yaml").write_text(text.replace("rule: active", "rule: activ"))
    (problem,) = check_own(tmp_path, CATALOG).problems
    assert problem.endswith("stretch.rule: no stretch rule 'activ'; did you mean 'active'?")


def test_every_kind_of_rule_has_a_registry() -> None:
    for field, rules in RULES.items():
        spec = type(getattr(PROGRAMMES["dmi"], field))
        mark = spec.model_json_schema()["properties"]["rule"]["x-registry"]
        assert mark == rules.kind
