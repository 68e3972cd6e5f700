"""A plan pairs arms by infant, and a cell's key follows from its content alone."""

from pathlib import Path
from typing import Any

import pytest

import dmi_sim
from dmi_sim.catalog import Catalog, override
from dmi_sim.errors import InputError
from dmi_sim.outcome.registry import OUTCOMES
from dmi_sim.registry import ENTRY_POINTS
from dmi_sim.rollout.seeds import FIRST_EVALUATION_SEED
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.study import StudySpec
from dmi_sim.study.choose import choose
from dmi_sim.study.plan import Cell, plan
from dmi_sim.study.sources import sources
from tests.study.fake_cells import STUDY, cells_of, tiny_catalog


def by_arm(cells: list[Cell]) -> dict[str, list[Cell]]:
    return {arm: [cell for cell in cells if cell.arm == arm] for arm in STUDY.arms}


def keys(cells: list[Cell]) -> list[str]:
    return [cell.key for cell in cells]


def test_every_infant_is_trained_in_every_arm(tmp_path: Path) -> None:
    study = override(STUDY, ["sexes=[female, male]", "ages_months=[5, 7]"])
    cells = cells_of(tmp_path, study)
    assert len(cells) == len(set(keys(cells))) == 2 * 2 * 2 * 3
    subjects = {arm: [cell.subject for cell in those] for arm, those in by_arm(cells).items()}
    assert subjects["pelvis"] == subjects["none"]


def test_arms_share_all_random_numbers(tmp_path: Path) -> None:
    arms = by_arm(cells_of(tmp_path))
    assert [cell.schedule for cell in arms["pelvis"]] == [cell.schedule for cell in arms["none"]]


def test_infants_have_random_numbers_of_their_own(tmp_path: Path) -> None:
    schedules = [cell.schedule for cell in by_arm(cells_of(tmp_path))["none"]]
    assert len({one.training_seed for one in schedules}) == STUDY.seeds
    assert len({seed for one in schedules for seed in one.test_seeds}) == STUDY.seeds * 2


def test_another_first_seed_gives_other_random_numbers(tmp_path: Path) -> None:
    other = cells_of(tmp_path, override(STUDY, ["first_seed=1"]))
    assert not set(keys(other)) & set(keys(cells_of(tmp_path)))
    assert other[0].schedule.training_seed != cells_of(tmp_path)[0].schedule.training_seed


def test_more_infants_leave_the_first_ones_as_they_were(tmp_path: Path) -> None:
    more = cells_of(tmp_path, override(STUDY, ["seeds=5"]))
    assert keys(more)[: len(STUDY.arms) * STUDY.seeds] == keys(cells_of(tmp_path))


def test_no_test_episode_is_an_episode_of_training(tmp_path: Path) -> None:
    for cell in cells_of(tmp_path):
        assert cell.schedule.training_seed < FIRST_EVALUATION_SEED
        assert all(FIRST_EVALUATION_SEED <= seed < 2**32 for seed in cell.schedule.test_seeds)


def test_evaluations_are_evenly_spaced_from_zero_to_the_dose(tmp_path: Path) -> None:
    assert cells_of(tmp_path)[0].schedule.evaluation_steps == (0, 50, 100)


def test_keys_are_the_same_in_another_folder(tmp_path: Path) -> None:
    assert keys(cells_of(tmp_path / "a")) == keys(cells_of(tmp_path / "b"))


def test_the_key_of_a_cell_has_not_changed() -> None:
    cell = Cell.model_validate(
        {
            "study": "s",
            "exercise": "sitting",
            "arm": "none",
            "arm_spec": {"support": "none", "support_strength": 1.0},
            "subject": {
                "condition": "typical",
                "severity": 0.5,
                "age_months": 7.0,
                "sex": "female",
                "seed": 0,
            },
            "schedule": {
                "training_seed": 1,
                "training_pushes": False,
                "evaluation_steps": (0, 10),
                "test_seeds": (2,),
                "test_pushes": (True,),
            },
            "data_sha256": "0",
        }
    )
    assert cell.key == "d336d908e3e9ee2b"
    assert Cell.model_validate_json(cell.model_dump_json()).key == cell.key


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("models/bodies/infant.yaml", True),
        ("models/conditions/typical.yaml", True),
        ("envs/sitting.yaml", True),
        ("models/conditions/hypotonia.yaml", False),
        ("models/references.yaml", False),
        ("envs/standing.yaml", False),
    ],
)
def test_a_cell_has_another_key_when_a_file_of_its_infant_or_exercise_changes(
    tmp_path: Path, path: str, counts: bool
) -> None:
    catalog = tiny_catalog(tmp_path)
    before = plan("fake", STUDY, catalog)
    with (tmp_path / path).open("a") as file:
        file.write("# changed\n")
    assert (keys(plan("fake", STUDY, catalog)) != keys(before)) == counts


def own_and_shipped(tmp_path: Path) -> Catalog:
    """A researcher's own folder in front of the files that the study names."""
    shipped = tiny_catalog(tmp_path / "shipped")
    (tmp_path / "own").mkdir()
    return Catalog(tmp_path / "own", shipped.root)


KINDS = sorted(
    {
        path.relative_to(Catalog.shipped().root).parts[1]
        for path in (Catalog.shipped().root / "models").glob("*/*")
    }
    - {"policies", "assessments", "conditions"}
)
"""Folders of ``models`` whose files can change an infant or its hands."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", [".yaml", ".csv"])
def test_a_cell_has_another_key_when_a_file_of_ones_own_is_edited(
    tmp_path: Path, kind: str, suffix: str
) -> None:
    catalog = own_and_shipped(tmp_path)
    own = tmp_path / f"own/models/{kind}/mine{suffix}"
    own.parent.mkdir(parents=True)
    own.write_text("first: true\n")
    before = plan("fake", STUDY, catalog)
    own.write_text("second: true\n")
    assert set(keys(plan("fake", STUDY, catalog))).isdisjoint(keys(before))
    assert f"models/{kind}/mine{suffix}" in sources("sitting", "typical", catalog)


def test_an_exercise_of_ones_own_counts_in_place_of_the_shipped_one(tmp_path: Path) -> None:
    catalog = own_and_shipped(tmp_path)
    before = plan("fake", STUDY, catalog)
    (tmp_path / "own/envs").mkdir()
    text = Catalog.shipped().text(ExerciseSpec, "sitting")
    (tmp_path / "own/envs/sitting.yaml").write_text(f"# mine\n{text}")
    assert set(keys(plan("fake", STUDY, catalog))).isdisjoint(keys(before))


def test_a_condition_of_ones_own_counts_for_its_infants_only(tmp_path: Path) -> None:
    catalog = own_and_shipped(tmp_path)
    own = tmp_path / "own/models/conditions/mine.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("first: true\n")
    assert "models/conditions/mine.yaml" in sources("sitting", "mine", catalog)
    assert "models/conditions/mine.yaml" not in sources("sitting", "typical", catalog)


@pytest.mark.parametrize("path", ["own_terms.py", "own_terms/inner.py"])
def test_the_source_of_a_plug_in_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    catalog = tiny_catalog(tmp_path / "catalog")
    info = tmp_path / "site/own_terms-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: own-terms\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{ENTRY_POINTS}]\nloads = own_terms\n")
    source = tmp_path / "site" / path
    source.parent.mkdir(exist_ok=True)
    source.write_text("first = True\n")
    without = keys(plan("fake", STUDY, catalog))
    monkeypatch.syspath_prepend(tmp_path / "site")
    before = keys(plan("fake", STUDY, catalog))
    source.write_text("second = True\n")
    after = keys(plan("fake", STUDY, catalog))
    assert "plug-in loads" in sources("sitting", "typical", catalog)
    assert len({*without, *before, *after}) == 3 * len(before)


def test_a_condition_that_does_not_exist_is_named(tmp_path: Path) -> None:
    study = override(STUDY, ["conditions=[{name: hypotonic}]"])
    with pytest.raises(InputError, match=r"conditions\.0\.name: no 'hypotonic'.*'hypotonia'"):
        cells_of(tmp_path, study)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_any_outcome_can_be_the_primary_one(tmp_path: Path, outcome: str) -> None:
    assert cells_of(tmp_path, override(STUDY, [f"primary_outcome.outcome={outcome}"]))


def test_an_outcome_that_does_not_exist_is_named(tmp_path: Path) -> None:
    study = override(STUDY, ["primary_outcome.outcome=time_uprigt_s"])
    message = (
        r"fake\.yaml: primary_outcome\.outcome: no outcome 'time_uprigt_s'; "
        r"did you mean 'time_upright_s'\?"
    )
    with pytest.raises(InputError, match=message):
        cells_of(tmp_path, study)


def shipped(tmp_path: Path) -> Catalog:
    catalog = Catalog(tmp_path)
    (tmp_path / "experiments").mkdir()
    text = STUDY.model_dump_json()  # JSON is YAML
    (tmp_path / "experiments" / "fake.yaml").write_text(text)
    return catalog


def chosen(catalog: Catalog, name: str, **form: Any) -> StudySpec:
    study = choose(catalog, name, **form)
    assert isinstance(study, StudySpec)
    return study


def test_a_study_runs_in_one_form_at_a_time(tmp_path: Path) -> None:
    catalog = shipped(tmp_path)
    assert chosen(catalog, "fake", standard=True).seeds == STUDY.seeds
    with pytest.raises(InputError, match="one form at a time"):
        choose(catalog, "fake", quick=True, standard=True)


def test_the_quick_form_takes_the_values_of_its_block(tmp_path: Path) -> None:
    quick = chosen(shipped(tmp_path), "fake", quick=True)
    assert (quick.seeds, quick.dose.training_steps, quick.minutes) == (2, 10, 1)


def test_settings_win_over_the_quick_block(tmp_path: Path) -> None:
    settings = ["seeds=7", "arms.none.support_strength=0.25"]
    study = chosen(shipped(tmp_path), "fake", quick=True, settings=settings)
    assert study.seeds == 7
    assert study.arms["none"].support_strength == 0.25


def test_without_settings_a_study_is_its_file(tmp_path: Path) -> None:
    assert choose(shipped(tmp_path), "fake") == STUDY


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("seds=3", "did you mean 'seeds'"),
        ("dose.practise_steps=3", "did you mean 'training_steps'"),
        ("arms.pelvic.support_strength=1", "no arm 'pelvic'; did you mean 'pelvis'"),
        ("quick.seeds=3", "set 'seeds' itself"),
        ("seeds=0", "seeds: .*greater than or equal to 1"),
        ("seeds", "write it as key=value"),
        ("primary_outcome.outcome=time_uprigth_s", "did you mean 'time_upright_s'"),
    ],
)
def test_a_bad_setting_is_refused_with_the_nearest_name(
    tmp_path: Path, setting: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        choose(shipped(tmp_path), "fake", settings=[setting])


def test_an_unknown_study_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'fake'"):
        choose(shipped(tmp_path), "fakes")


def test_the_shipped_study_can_be_planned() -> None:
    catalog = Catalog.shipped()
    study = chosen(catalog, "site_in_sitting", quick=True)
    assert len(plan("site_in_sitting", study, catalog)) == 9


# Bodies: one for all infants, or drawn


def cohort_cells(*settings: str) -> list[Cell]:
    study = StudySpec.model_validate({**STUDY.model_dump(exclude_unset=True), "subjects": "cohort"})
    return plan("fake", override(study, settings), Catalog.shipped())


def test_infants_of_one_body_are_median_girls(tmp_path: Path) -> None:
    for cell in cells_of(tmp_path):
        assert (cell.subject.sex, cell.subject.length_z, cell.subject.weight_z) == ("female", 0, 0)
        assert "length_z" not in cell.subject.model_dump()


def test_infants_of_a_cohort_are_those_that_cohort_draws() -> None:
    drawn = dmi_sim.cohort(STUDY.seeds, seed=4, age_months=7)
    cells = by_arm(cohort_cells("first_seed=4"))
    for arm in STUDY.arms:
        bodies = [
            (one.subject.sex, one.subject.length_z, one.subject.weight_z) for one in cells[arm]
        ]
        assert bodies == [(i.config.sex, i.config.length_z, i.config.weight_z) for i in drawn]


def test_an_infant_of_a_cohort_has_one_body_in_every_arm_at_every_age_under_every_condition() -> (
    None
):
    cells = cohort_cells(
        "ages_months=[5, 7]", "conditions=[{name: typical}, {name: hypotonia, severity: 0.8}]"
    )
    bodies = {
        (one.subject.seed, one.subject.sex, one.subject.length_z, one.subject.weight_z)
        for one in cells
    }
    assert len(bodies) == STUDY.seeds
    assert len(cells) == STUDY.seeds * len(STUDY.arms) * 4


def test_the_body_of_an_infant_is_in_its_rows_its_environment_and_its_key() -> None:
    cell = cohort_cells()[0]
    subject = cell.subject
    assert subject.length_z != 0 != subject.weight_z
    for values in (cell.identity, cell.env_arguments):
        assert values["length_z"] == subject.length_z
        assert values["weight_z"] == subject.weight_z
    other = cell.model_copy(update={"subject": subject.model_copy(update={"length_z": 0.5})})
    assert other.key != cell.key


def test_the_sex_of_a_cohort_can_be_chosen_and_changes_nothing_else() -> None:
    boys, anyone = cohort_cells("sexes=[male]"), cohort_cells()
    assert {one.subject.sex for one in boys} == {"male"}
    assert [one.subject.length_z for one in boys] == [one.subject.length_z for one in anyone]


def test_another_first_seed_draws_other_bodies() -> None:
    first, other = cohort_cells(), cohort_cells("first_seed=1")
    assert [one.subject.length_z for one in first] != [one.subject.length_z for one in other]
