"""Arms of a study in whose practice hands change: planned, run, gone on with and reported."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from dmi_sim.catalog import Catalog, override
from dmi_sim.errors import InputError
from dmi_sim.names import exercises
from dmi_sim.recording import Recording
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.study import StudySpec
from dmi_sim.spec.support_schedule import SupportScheduleFile
from dmi_sim.study.cells import run_cell
from dmi_sim.study.columns import TRAINING, columns_of
from dmi_sim.study.plan import Cell, plan
from dmi_sim.study.preflight import preflight
from dmi_sim.study.tables import read_table
from tests.spec.test_support_schedule import RULES
from tests.study.fake_cells import STUDY

CATALOG = Catalog.shipped()


def study(arms: dict[str, Any], exercise: str = "sitting", **changes: Any) -> StudySpec:
    """The study of two arms with other arms, each compared with the first."""
    first, *others = arms
    primary = {
        **STUDY.primary_outcome.model_dump(),
        "comparisons": [[first, other] for other in others],
        "pushed": False,
    }
    content = {**STUDY.model_dump(), "arms": arms, "exercise": exercise, "quick": {}}
    content |= {"primary_outcome": primary, "test": {"episodes": 1, "pushes": [False]}}
    return StudySpec.model_validate({**content, **changes})


def tried(spec: StudySpec) -> list[Cell]:
    cells = plan("held", spec, CATALOG)
    preflight(cells, CATALOG)
    return cells


@pytest.mark.parametrize("exercise", exercises())
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_exercise_can_be_practised_by_schedule(exercise: str, rule: dict[str, Any]) -> None:
    offered = list(CATALOG.load(ExerciseSpec, exercise).supports)
    moves = {"move_after": {"success": 0.5}} if len(offered) > 1 else {}
    arms = {
        "plain": {"support": offered[0]},
        "moved": {"support": {"site": offered, "firmness": rule, **moves}},
    }
    cells = tried(study(arms, exercise))
    assert len({cell.key for cell in cells}) == len(cells)


def test_the_key_of_a_cell_follows_the_schedule() -> None:
    keys = [
        plan("held", study({"a": {"support": {"site": "pelvis", "firmness": firmness}}}), CATALOG)[
            0
        ].key
        for firmness in (0.5, 0.6, RULES["need"], {**RULES["need"], "gain": 0.1})
    ]
    assert len(set(keys)) == 4


def test_a_plain_arm_has_the_dump_that_it_always_had() -> None:
    assert study({"a": {"support": "pelvis"}}).arms["a"].model_dump() == {
        "support": "pelvis",
        "support_strength": 1.0,
    }


@pytest.mark.parametrize(
    ("support", "line"),
    [
        ("axilae", "arms.a.support: no 'axilae' in models/supports; did you mean 'axillae'?"),
        ({"site": "axilae"}, "arms.a.support.site: no 'axilae' in models/supports; did you mean"),
        ({"site": "forearms"}, "arms.a.support.site: no 'forearms' in sitting; known: axillae"),
        ("forearms", "arms.a.support: no 'forearms'; sitting allows head"),
    ],
)
def test_hands_that_an_exercise_does_not_offer_are_refused(support: Any, line: str) -> None:
    with pytest.raises(InputError) as refused:
        tried(study({"a": {"support": support}}))
    assert any(line in problem for problem in refused.value.problems)


def test_a_mistake_in_a_schedule_is_named_by_its_field(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"arms.pelvis.support.firmness.to: Input should be less"):
        override(
            STUDY, ["arms.pelvis.support={site: pelvis, firmness: {from: 1, to: 2, by: dose}}"]
        )


@pytest.mark.parametrize("name", CATALOG.names(SupportScheduleFile))
def test_an_arm_may_name_a_schedule(name: str) -> None:
    assert tried(study({"a": {"support": name}}))


HELD: dict[str, Any] = {
    "site": ["axillae", "pelvis"],
    "move_after": {"success": 0.0, "of_last": 6},
    "firmness": {"from": 0.4, "by": "need"},
}


@pytest.fixture(scope="module")
def cell() -> Cell:
    """A newborn that practises some episodes in hands that move down."""
    spec = study(
        {"held": {"support": HELD}},
        ages_months=[0],
        dose={"training_steps": 8192, "evaluations": 3},
    )
    return tried(spec)[0]


@pytest.fixture(scope="module")
def finished(cell: Cell, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cell")
    return run_cell(cell, folder, catalog=CATALOG)


@pytest.mark.slow
def test_the_training_table_tells_where_hands_were_and_how_firm(finished: Path) -> None:
    rows = read_table(finished / "training.parquet", TRAINING)
    assert [row["support_site"] for row in rows] == ["pelvis"] * len(rows)  # moved in the first
    strengths = [float(row["support_strength"]) for row in rows]
    assert all(0 < strength <= 1 for strength in strengths)
    assert len(set(strengths)) == len(strengths)


@pytest.mark.slow
def test_tests_of_a_scheduled_arm_are_alone(finished: Path) -> None:
    rows = read_table(finished / "episodes.parquet", columns_of("episodes"))
    assert {row["support_impulse_n_s"] for row in rows} == {0.0}


@pytest.mark.slow
def test_the_film_in_hands_shows_them_as_at_the_end_of_practice(finished: Path) -> None:
    held = Recording.load(finished / "replay_supported.npz")
    assert set(held.support_site) == {"pelvis"}


@pytest.mark.slow
def test_a_cell_that_stops_and_goes_on_ends_with_the_same_files(
    cell: Cell, finished: Path, tmp_path: Path
) -> None:
    class Stopped(Exception):  # noqa: N818 - an end, not an error
        pass

    def stop(share: float, _: str) -> None:
        if share > 0.4:
            raise Stopped

    folder = tmp_path / "cell"
    folder.mkdir()
    with pytest.raises(Stopped):
        run_cell(cell, folder, stop, catalog=CATALOG)
    run_cell(cell, folder, catalog=CATALOG)
    for name in ("episodes.parquet", "training.parquet", "policy/policy.zip"):
        assert (folder / name).read_bytes() == (finished / name).read_bytes()
    shutil.rmtree(folder)
