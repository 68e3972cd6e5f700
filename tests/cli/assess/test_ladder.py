"""The commands about all exercises together."""

from pathlib import Path

import pytest

from dmi_sim.cli.assess.exercises import exercises
from dmi_sim.cli.assess.ladder import ladder
from dmi_sim.cli.assess.options import timed
from dmi_sim.errors import InputError
from tests.assessments.bundles import save_sitter


def test_the_ladder_of_reflexes_only_says_so_and_writes_what_was_asked(tmp_path: Path) -> None:
    figure, table = tmp_path / "stairs.png", tmp_path / "ladder.md"
    answer = ladder(
        policies=tmp_path, exercises="sitting", sites="none", figure=figure, table=table, age=7
    )
    assert "no trained policies, reflexes only" in answer.text
    assert "female, typical, 7 months" in answer.text
    assert "not the GMFM" in answer.text
    assert table.read_text(encoding="utf-8").strip() == answer.text.strip()
    assert figure.stat().st_size > 20_000
    assert answer.data["items"][0]["unsupported"] == 0


def test_trained_policies_act_unless_only_reflexes_are_wanted(tmp_path: Path) -> None:
    save_sitter(tmp_path / "sitting_0")
    trained = ladder(policies=tmp_path, exercises="sitting", sites="none")
    assert "trained policies of seed 0" in trained.text
    assert trained.data["total"]["score"] == 3
    bare = ladder(policies=tmp_path, reflexes_only=True, exercises="sitting", sites="none")
    assert bare.data["total"]["score"] == 0


def test_exercises_without_a_policy_of_that_seed_are_named(tmp_path: Path) -> None:
    save_sitter(tmp_path / "sitting_0")
    found = ladder(policies=tmp_path, exercises="sitting,pull_to_sit", sites="none")
    assert "seed 0; reflexes only in pull to sit" in found.data["acting"]


def test_the_table_of_exercises_has_a_row_each(tmp_path: Path) -> None:
    table = tmp_path / "exercises.md"
    answer = exercises(policies=tmp_path, exercises="pull_to_sit", episodes=1, table=table)
    (row,) = answer.data["rows"]
    assert (row["exercise"], row["site"], row["beats_silent"]) == (
        "pull_to_sit", "forearms", "not trained",
    )  # fmt: skip
    assert "| pull to sit |" in table.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("figure", "table"),
    [("stairs.doc", "a.md"), ("stairs.png", "a.csv"), ("stairs.png", "no/a.md")],
)
def test_files_that_cannot_be_written_are_refused_before_any_work(figure: str, table: str) -> None:
    with pytest.raises(InputError, match=r"figure|table"):
        ladder(figure=Path(figure), table=Path(table), exercises="nothing")


def test_names_are_checked_before_policies(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'walking'"):
        ladder(policies=tmp_path / "nowhere", exercises="waking")
    with pytest.raises(InputError, match="policies: no folder"):
        ladder(policies=tmp_path / "nowhere", exercises="walking")


def test_the_time_to_go_is_what_the_work_so_far_took() -> None:
    times = iter((0.0, 5.0, 30.0))
    reported: list[float | None] = []
    update = timed(lambda _share, _words, left: reported.append(left), lambda: next(times))
    update(0.0, "first")
    update(0.25, "second")
    update(0.75, "third")
    assert reported == [None, 15.0, 10.0]
