"""A small study of every exercise runs, and its report says nothing that is not so.

What would be false is read from the files of the other exercises: a report of walking must not say
that an infant sat. A run takes three seconds of computing and its report one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import pytest

from dmi_sim.catalog import Catalog, override
from dmi_sim.names import exercises
from dmi_sim.report.exercise_words import verb_of
from dmi_sim.report.html import report_html
from dmi_sim.report.replays import replay_clips
from dmi_sim.report.tables import RunTables, read_run
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.study import StudySpec
from dmi_sim.spec.support import SupportSpec
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.run import StudyResult, run_study
from dmi_sim.study.run_setup import RunOptions
from tests.study.fake_cells import STUDY

SHIPPED = Catalog.shipped()
EVIDENCE = ("rests", "references", "versions")
"""Sections that quote files of the model and titles of the literature, of any exercise."""


@dataclass(frozen=True)
class Ran:
    """A small study of an exercise that has run."""

    spec: ExerciseSpec
    result: StudyResult
    run: RunTables
    text: str


def tiny(spec: ExerciseSpec, exercise: str) -> StudySpec:
    """Two arms, the most proximal support and the most distal, one infant, one episode long."""
    steps = round(spec.duration_s * spec.control_hz)
    calm = "" if spec.pushes else "test.pushes=[false] primary_outcome.pushed=false"
    settings = f"""seeds=1 exercise={exercise} ages_months=[{spec.age_months}] {calm}
        arms.pelvis.support={spec.supports[0]} arms.none.support={spec.supports[-1]}
        dose.training_steps={steps} dose.evaluations=2 test.episodes=1 training.n_envs=1
        training.n_steps={steps} training.batch_size={steps // 10} training.n_epochs=1
        training.chunk_rollouts=1""".split()
    return override(STUDY, settings)


@pytest.fixture(scope="module", params=exercises())
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    spec = SHIPPED.load(ExerciseSpec, request.param)
    options = RunOptions(
        folder=tmp_path_factory.mktemp("runs") / "run", config=ExecutorConfig("inline", 1)
    )
    result = run_study("tiny", tiny(spec, request.param), options, catalog=SHIPPED)
    run = read_run(result.folder)
    return Ran(spec, result, run, text_of(report_html(run, SHIPPED)))


def text_of(page: str) -> str:
    """What a reader sees but for the evidence, figures included, in lower case."""
    for section in ("head", "nav"):
        page = re.sub(f"<{section}.*?</{section}>", " ", page, flags=re.DOTALL)
    for section in EVIDENCE:
        page = re.sub(f'<section id="{section}">.*?</section>', " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).lower().split())


def words_of(spec: ExerciseSpec) -> Iterator[str]:
    """The verb of an exercise in all forms."""
    yield from (spec.verb or verb_of(spec.title)).model_dump().values()


def own_words(spec: ExerciseSpec) -> str:
    """All that a report may say of an exercise: its words and the titles of its supports."""
    titles = (SHIPPED.load(SupportSpec, support).title for support in spec.supports)
    return " ".join((spec.title, *words_of(spec), *titles)).lower()


def says(words: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(words.lower())}\b", text) is not None


def test_every_cell_finishes_with_its_report(ran: Ran) -> None:
    assert ran.result.complete
    assert ran.result.failed_cells == ()


def test_the_report_says_what_the_infants_practised(ran: Ran) -> None:
    assert ran.spec.verb is not None
    assert f"practised {ran.spec.verb.gerund} for" in ran.text
    assert f"(reinforcement learning) to {ran.spec.verb.base}" in ran.text


def test_the_report_says_nothing_of_other_exercises(ran: Ran) -> None:
    others = (SHIPPED.load(ExerciseSpec, name) for name in exercises())
    false = {
        words
        for other in others
        if other != ran.spec
        for words in words_of(other)
        if says(words, ran.text) and not says(words, own_words(ran.spec))
    }
    assert false == set()


def test_pushes_are_told_of_only_where_there_are_any(ran: Ran) -> None:
    has_pushes = ran.spec.pushes is not None
    assert says("pushed now and then", ran.text) == has_pushes
    assert says("not pushed", ran.text) != has_pushes
    assert says("under pushes", ran.text) == has_pushes
    if not has_pushes:
        assert "arrows" not in ran.text


def test_tests_are_called_alone_only_where_they_are(ran: Ran) -> None:
    alone = ran.spec.supports[-1] == "none"
    assert ("tested once, alone, without hands" in ran.text) == alone
    assert ("the least support that the exercise allows" in ran.text) != alone
    for clip in replay_clips(ran.run, "replay", SHIPPED).shown:
        assert clip.in_hands != alone
        assert clip.title.endswith("tested alone") == alone


def test_falls_are_told_only_of_who_can_fall(ran: Ran) -> None:
    fell = {float(row["fell"]) for row in ran.run.tests}
    assert fell <= {0.0, 1.0}
    assert ran.spec.terminations or fell == {0.0}
    for row in ran.run.tests:
        assert float(row["success"]) == float(float(row["completion"]) >= 1.0)
