"""Sessions that are watched: every arm side by side, and what the therapist changes in words."""

from pathlib import Path
from typing import Any

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.child.child import Child
from dmi_sim.cli.replay import replay
from dmi_sim.errors import InputError
from dmi_sim.names import exercises
from dmi_sim.report.watched_sessions import (
    AFTER,
    FIRST,
    NOW,
    change_words,
    order_words,
    recordings_of_sessions,
    session_of_child,
    sessions_of_run,
)
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.study.child_cells import CHILD_FOLDER
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.programme_plan import ChildCell
from dmi_sim.study.run import run_prepared
from dmi_sim.therapy.trial import Trial
from tests.study.children import SHORT, assessed, run_at, study

SHIPPED = Catalog.shipped()
ARMS: dict[str, Any] = {
    "dmi": {"programme": "dmi", "changes": SHORT},
    "traditional": {"programme": "traditional", "changes": SHORT},
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one child in two arms, for a week of short sessions."""
    primary = {
        "outcome": "score_gain",
        "comparisons": [["dmi", "traditional"]],
        "equivalence_margin": 0.1,
    }
    small = study(children=1, weeks=1, arms=ARMS, primary_outcome=primary)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Child, "assess", assessed)
        begun = run_at(tmp_path_factory.mktemp("runs") / "run", small)
        return run_prepared(begun, ExecutorConfig("inline"), SHIPPED).folder


def test_one_child_is_watched_in_every_arm_before_and_after_all_practice(run: Path) -> None:
    watched = sessions_of_run(run, SHIPPED, trials=2)
    assert list(watched.sessions) == [FIRST, AFTER]
    assert watched.left_out == ()
    for by_arm in watched.sessions.values():
        assert [len(trials) for trials in by_arm.values()] == [2, 2]
    (before, after) = (next(iter(by_arm.values()))[0] for by_arm in watched.sessions.values())
    assert before.record.age_months < after.record.age_months


def test_a_film_shows_a_trial_of_all_arms_side_by_side(run: Path) -> None:
    shown = recordings_of_sessions(sessions_of_run(run, SHIPPED, trials=2), SHIPPED)
    assert list(shown.films) == [f"{one}, trial {n}" for one in (FIRST, AFTER) for n in (1, 2)]
    for titles in shown.films.values():
        assert len({shown.shirts[title] for title in titles}) == len(titles) == 2
    assert len(shown.clips) == 8


def test_a_run_and_a_child_are_replayed_by_the_command(run: Path, tmp_path: Path) -> None:
    page = tmp_path / "run.html"
    told = replay(run, page, trials=1).data
    assert len(told["infants"]) == 2 * 2
    assert page.stat().st_size > 100_000
    (home, _) = sorted(run.glob(f"cells/*/{CHILD_FOLDER}"))
    (title,) = replay(home, page, trials=1).data["infants"]
    assert "Trial 1: " in title


def test_a_child_is_watched_in_its_next_session(run: Path) -> None:
    (home, _) = sorted(run.glob(f"cells/*/{CHILD_FOLDER}"))
    watched = session_of_child(home, trials=1)
    assert list(watched.sessions) == [NOW]


def test_an_arm_that_cannot_be_watched_is_left_out_and_told(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(cell: ChildCell, _: Catalog) -> None:
        if cell.arm == "dmi":
            raise InputError("files changed since the study began")

    monkeypatch.setattr("dmi_sim.report.watched_sessions.refuse_other_files", refuse)
    watched = sessions_of_run(run, SHIPPED, trials=1)
    assert watched.left_out == ("dmi: files changed since the study began",)
    assert [len(by_arm) for by_arm in watched.sessions.values()] == [1, 1]


def test_a_run_whose_files_have_all_changed_is_refused(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dmi_sim.study.child_cells.child_data_sha256", lambda *_: "another")
    with pytest.raises(InputError, match="changed since the study began"):
        sessions_of_run(run, SHIPPED, trials=1)


@pytest.mark.parametrize("exercise", exercises())
def test_an_order_says_exercise_hands_and_pushes(exercise: str) -> None:
    spec = SHIPPED.load(ExerciseSpec, exercise)
    for site in spec.supports:
        words = order_words(Trial(exercise, site, 0.5, pushes=True), SHIPPED)
        assert spec.title.lower() in words.lower()
        assert ("firmness 0.50" in words) == (site != "none")
        assert words.endswith("with pushes")


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (Trial("sitting", "axillae", 1), Trial("sitting", "pelvis", 1), "Hands go down"),
        (Trial("sitting", "pelvis", 1), Trial("sitting", "axillae", 1), "Hands go up"),
        (Trial("sitting", "pelvis", 1), Trial("sitting", "none"), "Hands let go"),
        (Trial("sitting", "none"), Trial("sitting", "pelvis", 1), "Hands take hold again"),
        (Trial("sitting", "pelvis", 1), Trial("sitting", "pelvis", 0.8), "Hands get softer"),
        (Trial("sitting", "pelvis", 0.5), Trial("sitting", "pelvis", 0.8), "Hands get firmer"),
        (Trial("sitting", "pelvis", 1), Trial("sitting", "pelvis", 0.999), "Once more"),
        (Trial("sitting", "pelvis", 1), Trial("standing", "pelvis", 1), "Another exercise"),
    ],
)
def test_what_a_therapist_changes_is_said(before: Trial, now: Trial, words: str) -> None:
    assert change_words(before, now, SHIPPED) == words
