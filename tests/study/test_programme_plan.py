"""A plan of children pairs arms child by child, and a cell's key follows from its content alone."""

import pickle
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.rollout.seeds import FIRST_EVALUATION_SEED
from dmi_sim.spec.programme import TimetableSpec
from dmi_sim.study.any_cell import AnyCell
from dmi_sim.study.programme_cost import study_cost
from dmi_sim.study.programme_plan import ChildCell
from dmi_sim.therapy.timetable import sessions
from tests.study.children import SHORT, SMALL, cells_of, study
from tests.study.fake_cells import cells_of as exercise_cells_of

KINDS = ("typical", "spastic_cp topography=diplegia")


def by_arm(cells: list[ChildCell]) -> dict[str, list[ChildCell]]:
    return {arm: [cell for cell in cells if cell.arm == arm] for arm in SMALL["arms"]}


def seeds(cells: list[ChildCell]) -> list[int]:
    return [cell.seed for cell in cells]


def test_every_child_lives_in_every_arm_in_the_same_body() -> None:
    cells = cells_of()
    assert len({cell.key for cell in cells}) == len(cells) == 2 * 2
    arms = by_arm(cells)
    assert [one.subject for one in arms["dmi"]] == [one.subject for one in arms["hands_off"]]
    assert arms["dmi"][0].subject != arms["dmi"][1].subject


def test_arms_share_seeds_unless_the_study_wants_them_apart() -> None:
    paired, apart = by_arm(cells_of()), by_arm(cells_of(study(learning_seeds="apart")))
    assert seeds(paired["dmi"]) == seeds(paired["hands_off"])
    assert not {*seeds(apart["dmi"])} & {*seeds(apart["hands_off"])}
    bodies = [[one.subject for one in apart[arm]] for arm in apart]
    assert bodies[0] == bodies[1]
    assert all(0 <= one.seed < FIRST_EVALUATION_SEED for one in cells_of())


CONDITIONS = [{"name": "typical"}, {"name": "spastic_cp", "options": {"topography": "diplegia"}}]


def test_each_condition_has_children_of_the_same_bodies_and_the_same_luck() -> None:
    plain, both = cells_of(), cells_of(study(who={"age_months": 6, "conditions": CONDITIONS}))
    assert len(both) == 2 * len(plain)
    assert len({(cell.arm, cell.subject.seed) for cell in both}) == len(both)
    of = {kind: [one for one in both if one.subject.kind == kind] for kind in KINDS}
    for cells in of.values():
        assert seeds(cells) == seeds(plain)
        for one, other in zip(cells, plain, strict=True):
            assert one.subject.length_z == other.subject.length_z
            assert one.subject.sex == other.subject.sex
    hashes = [{one.data_sha256 for one in cells} for cells in of.values()]
    assert not hashes[0] & hashes[1]


def test_an_element_is_as_in_the_other_file_and_all_else_as_in_the_first() -> None:
    arms = {**SMALL["arms"], "dmi": {"programme": "dmi", "elements": {"stretch": "traditional"}}}
    named = {**arms["dmi"], "title": "Stretched by hands"}
    mixed, titled = (cells_of(study(arms={**arms, "dmi": one}))[0] for one in (arms["dmi"], named))
    assert mixed.programme.stretch.rule == "passive"
    assert mixed.programme.site.rule == "most_distal_tolerated"
    assert titled.programme.title == "Stretched by hands"
    assert any(words.by == ("stretch",) for words in mixed.programme.background.rendered)


def test_a_therapist_that_comes_later_comes_as_often() -> None:
    arms = {
        "now": {"programme": "dmi"},
        "later": {"programme": "dmi", "starts_at_months": 7},
        "pausing": {
            "programme": "dmi",
            "starts_at_months": 7,
            "changes": {"timetable": {"pauses": [{"from_week": 1, "to_week": 1}]}},
        },
    }
    primary = {**SMALL["primary_outcome"], "comparisons": [["now", "later"]]}
    spec = study(arms=arms, primary_outcome=primary, weeks=9, therapy_weeks=3, quick={})
    tables = {cell.arm: cell.programme.timetable for cell in cells_of(spec)}
    assert comes_in(tables["now"]) == [0, 1, 2]
    assert comes_in(tables["later"]) == [5, 6, 7]
    assert comes_in(tables["pausing"]) == [5, 7]


def comes_in(timetable: TimetableSpec) -> list[int]:
    """Weeks in which there is a therapist."""
    weeks = [(week, sessions(timetable, week)) for week in range(9)]
    return [week for week, found in weeks if any(one.kind == "therapy" for one in found)]


def test_an_arm_more_or_a_child_more_changes_no_other_cell() -> None:
    arms = {"traditional": {"programme": "traditional"}, **SMALL["arms"]}
    for apart in ("paired", "apart"):
        before = cells_of(study(learning_seeds=apart))
        after = cells_of(study(learning_seeds=apart, arms=arms, children=3))
        assert {one.key for one in before} <= {one.key for one in after}


def test_a_programme_and_itself_under_another_name_are_two_arms() -> None:
    arms = {"a": {"programme": "dmi"}, "b": {"programme": "dmi"}}
    primary = {**SMALL["primary_outcome"], "comparisons": [["a", "b"]]}
    first, second = cells_of(study(arms=arms, primary_outcome=primary, children=1))
    assert first.programme == second.programme
    assert first.key != second.key


def test_a_cell_holds_the_whole_programme_with_what_its_arm_changes() -> None:
    cell = cells_of()[0]
    timetable = cell.programme.timetable
    assert (timetable.sessions_a_week, timetable.minutes_a_session) == (2, 1)
    assert (timetable.age_months, timetable.weeks) == (6, 2)
    assert cell.programme.site.rule == "most_distal_tolerated"
    assert cell.brain.training.net_arch == (8,)
    assert cell.brain.practice_minutes_per_minute.value == pytest.approx(4 / 60)


def test_less_free_play_is_the_same_play_in_less_time() -> None:
    arms = {name: {"programme": name} for name in SMALL["arms"]}
    some = cells_of(study(arms=arms, practice={"free_play_share": 0.1}))[0]
    whole = cells_of(study(arms=arms, practice={}))[0]
    pairs = zip(
        some.programme.timetable.free_play, whole.programme.timetable.free_play, strict=True
    )
    for less, more in pairs:
        assert less.minutes_a_day == pytest.approx(0.1 * more.minutes_a_day)
        assert less.shares == more.shares


def test_a_pause_beyond_the_weeks_of_the_study_is_cut() -> None:
    pauses = [{"from_week": 1, "to_week": 5}, {"from_week": 8, "to_week": 9}]
    changes = {**SHORT, "timetable": {**SHORT["timetable"], "pauses": pauses}}
    arms = {"dmi": {"programme": "dmi", "changes": changes}, "hands_off": {"programme": "dmi"}}
    (only,) = cells_of(study(arms=arms))[0].programme.timetable.pauses
    assert (only.from_week, only.to_week) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"arms": {**SMALL["arms"], "dmi": {"programme": "dmi", "changes": {"rest": 3}}}},
         r"small\.yaml: arms\.dmi\.changes: rest: unknown key; did you mean 'rest_s'"),
        ({"arms": {**SMALL["arms"], "dmi": {"programme": "dmi",
                                            "changes": {"site": {"rule": "most_distal"}}}}},
         r"arms\.dmi: site\.rule: no site rule 'most_distal'"),
        ({"practice": {"training": {"net_arc": [8]}}}, "practice: training.net_arc: unknown key"),
        ({"practice": {"training": {"n_envs": 2}}}, "practice: .*a child has one body"),
        ({"begins_with": "infant_7"}, "begins_with: policy: no 'infant_7'"),
        ({"primary_outcome": {**SMALL["primary_outcome"], "outcome": "score_gains"}},
         "primary_outcome.outcome: no outcome of a child 'score_gains'; did you mean 'score_gain'"),
        ({"primary_outcome": {**SMALL["primary_outcome"], "params": {"milestone": "x"}}},
         "primary_outcome.params: unknown parameter 'milestone'"),
        ({"primary_outcome": {**SMALL["primary_outcome"], "outcome": "age_at_milestone_months"}},
         "primary_outcome.params: parameter 'milestone' is missing"),
        ({"primary_outcome": {**SMALL["primary_outcome"], "outcome": "age_at_milestone_months",
                              "params": {"milestone": "walking_alon"}}},
         "primary_outcome.params.milestone: .*did you mean 'walking_alone'"),
        ({"primary_outcome": {**SMALL["primary_outcome"], "outcome": "segmental_level_end"}},
         "primary_outcome.outcome: segmental_level_end is found in an assessment .* segmental"),
        ({"primary_outcome": {**SMALL["primary_outcome"], "outcome": "range_of_motion_deg",
                              "params": {"motion": "ankle_flexion"}}},
         "primary_outcome.params: .*did you mean 'ankle_dorsiflexion'"),
        ({"primary_outcome": {**SMALL["primary_outcome"], "by_elements": True}},
         "primary_outcome.by_elements: the arms are not the sixteen of a factorial"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_field_and_nearest_name(
    changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        cells_of(study(**changes))


def test_a_policy_counts_by_its_hash() -> None:
    begun = cells_of(study(begins_with="infant_0"))[0]
    assert begun.begins_with is not None
    assert len(begun.begins_with.sha256) == 64
    assert begun.key != cells_of()[0].key


def test_a_cell_read_from_a_file_is_the_same_cell_of_the_same_kind(tmp_path: Path) -> None:
    reader: TypeAdapter[AnyCell] = TypeAdapter(AnyCell)
    for cell in (cells_of()[0], exercise_cells_of(tmp_path)[0]):
        read = reader.validate_json(cell.model_dump_json())
        assert type(read) is type(cell)
        assert read == cell
        assert read.key == cell.key


def test_a_cell_goes_to_another_process_and_is_the_same_there(tmp_path: Path) -> None:
    for cell in (cells_of()[0], exercise_cells_of(tmp_path)[0]):
        assert pickle.loads(pickle.dumps(cell)) == cell


def test_what_a_child_costs_grows_with_practice_and_assessments() -> None:
    def minutes(**changes: object) -> float:
        return study_cost(cells_of(study(**changes)), Catalog.shipped())["dmi"].cpu_minutes

    practice = {**SMALL["practice"], "minutes_per_minute": 2}
    trials = {**SMALL["assessments"], "trials": 50}
    parts = {**SMALL["assessments"], "parts": ["ranges", "segmental"]}
    longer = [minutes(practice=practice), minutes(assessments=trials), minutes(assessments=parts)]
    assert minutes() < min(longer)
    cost = study_cost(cells_of(), Catalog.shipped())["dmi"]
    assert cost.practice_minutes == pytest.approx(2 * 2 * 4 / 60)


def test_how_muscles_adapt_is_part_of_a_cell() -> None:
    by_default, never = cells_of()[0], cells_of(study(practice={"adaptation": None}))[0]
    assert by_default.adaptation
    assert never.adaptation is None
    assert by_default.key != never.key


def test_what_brains_do_over_months_is_part_of_a_cell() -> None:
    plain, changing = cells_of()[0], cells_of(study(practice={"plasticity": "infant"}))[0]
    assert plain.plasticity is None
    assert changing.plasticity is not None
    assert plain.key != changing.key


def test_an_arm_may_have_brains_of_its_own() -> None:
    own = {**SMALL["arms"]["dmi"], "plasticity": "without_habits"}
    changed = study(arms={**SMALL["arms"], "dmi": own}, practice={"plasticity": "infant"})
    arms = by_arm(cells_of(changed))
    dmi, other = (arms[name][0].plasticity for name in ("dmi", "hands_off"))
    assert dmi is not None
    assert dmi.habits is None
    assert other is not None
    assert other.habits is not None


def test_a_plasticity_of_an_arm_that_does_not_exist_is_refused() -> None:
    own = {**SMALL["arms"]["dmi"], "plasticity": "without_habit"}
    with pytest.raises(InputError, match=r"arms\.dmi\.plasticity: .*'without_habits'"):
        cells_of(study(arms={**SMALL["arms"], "dmi": own}))


def test_a_study_says_how_far_behaviour_changes_at_once() -> None:
    """Where it says nothing, the brain does."""
    plain = cells_of()[0]
    practice = {**SMALL["practice"], "kl_limit_nats": 0.02}
    limited = cells_of(study(practice=practice))[0]
    assert plain.brain.kl_limit_nats == 0.15
    assert limited.brain.kl_limit_nats == 0.02
    assert limited.key != plain.key
    with pytest.raises(ValidationError, match="greater than 0"):
        study(practice={**practice, "kl_limit_nats": 0})


def test_passes_are_not_left_out_where_a_limit_is_crossed() -> None:
    """``target_kl`` of stable-baselines3 would let the first batches decide."""
    practice = {**SMALL["practice"], "training": {"target_kl": 0.1}}
    with pytest.raises(InputError, match="target_kl: must be left out; kl_limit_nats"):
        cells_of(study(practice=practice))
