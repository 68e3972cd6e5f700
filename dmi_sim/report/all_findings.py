"""The primary comparisons of all finished studies, one line each, whatever they ask."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.report.comparisons import Comparison
from dmi_sim.report.context import ReportContext, report_context
from dmi_sim.report.labels import Measure, comparison_title
from dmi_sim.report.programme_effects_section import (
    Names,
    children_for_infants,
    tells_apart,
    told,
    told_margin,
    told_measure,
)
from dmi_sim.report.programme_elements_section import sides_told
from dmi_sim.report.programme_groups import kinds_told
from dmi_sim.report.programme_numbers import ProgrammeNumbers, programme_numbers
from dmi_sim.report.programme_question import titles_of
from dmi_sim.report.programme_run import courses_and_question
from dmi_sim.report.results import tests_tell_apart
from dmi_sim.report.tables import read_run
from dmi_sim.report.verdicts import Decision, decision, verdict
from dmi_sim.spec.programme_study import ProgrammeStudySpec
from dmi_sim.study.courses import programme_manifest
from dmi_sim.study.find_run import catalog_of, runs_of
from dmi_sim.study.run_manifest import AnyManifest
from dmi_sim.study.store import read_manifest


@dataclass(frozen=True)
class StudyLine:
    """The run that a finding is from.

    Attributes:
        study: Name of the study.
        title: Its title.
        question: Its question.
        run: Folder of the run.
        date: Day on which it began.
        is_quick: Whether it is the quick form of the study.
        form: ``quick form`` or ``standard form``; nothing for the full study.
    """

    study: str
    title: str
    question: str
    run: Path
    date: str
    is_quick: bool
    form: str = ""


@dataclass(frozen=True)
class Finding:
    """One hypothesis of a study: two arms compared in its primary outcome.

    Attributes:
        source: The run that it is from.
        hypothesis: The two arms in words, and the kind of infants where there are several.
        measure: The outcome in words.
        comparison: The difference, corrected for the number of comparisons in its study.
        margin: Largest difference that would not matter, in the unit of the outcome.
        comes_to: What it comes to.
        words: The same in a sentence.
    """

    source: StudyLine
    hypothesis: str
    measure: Measure
    comparison: Comparison
    margin: float
    comes_to: Decision
    words: str

    @property
    def row(self) -> dict[str, object]:
        """The numbers of this finding, for JSON."""
        difference = {f"difference_{k}": v for k, v in asdict(self.comparison.difference).items()}
        return {
            "study": self.source.study,
            "run": self.source.run,
            "quick": self.source.is_quick,
            "first": self.comparison.first,
            "second": self.comparison.second,
            "outcome": self.measure.title,
            "unit": self.measure.unit,
            "infants": len(self.comparison.differences),
            **difference,
            "margin": self.margin,
            "p_holm": self.comparison.p_holm,
            "comes_to": self.comes_to,
            "in_words": self.words,
        }


@dataclass(frozen=True)
class AllFindings:
    """The findings of all finished studies.

    Attributes:
        findings: One for each primary comparison, by study in order of the alphabet.
        left_out: One line for each study without a finished run that can be read.
    """

    findings: tuple[Finding, ...]
    left_out: tuple[str, ...]


def all_findings(runs: Path) -> AllFindings:
    """The primary comparisons of every study that has a finished run.

    Of each study its newest finished run counts; one in quick form only if there is no other.

    Args:
        runs: Folder with a folder of runs for each study.

    Raises:
        InputError: If there is no such folder.
    """
    if not runs.is_dir():
        raise InputError(f"{runs}: no such folder; run a study first, its --quick form will do")
    found, left_out = list[Finding](), list[str]()
    for study in sorted(one for one in runs.iterdir() if one.is_dir()):
        run = finished_run(study)
        if run is None:
            left_out += [f"{study.name}: no finished run"] if runs_of(study) else []
            continue
        try:
            found += findings_of(run, catalog_of(run))
        except InputError as error:
            left_out.append(f"{study.name}: {error.problems[0]}")
    return AllFindings(tuple(found), tuple(left_out))


def counted_runs(runs: Path) -> tuple[Path, ...]:
    """The run of each study that counts, by name of the study.

    Args:
        runs: Folder with a folder of runs for each study.

    Raises:
        InputError: If there is no such folder.
    """
    if not runs.is_dir():
        raise InputError(f"{runs}: no such folder; run a study first, its --quick form will do")
    studies = sorted(one for one in runs.iterdir() if one.is_dir())
    return tuple(run for run in map(finished_run, studies) if run is not None)


def finished_run(study: Path) -> Path | None:
    """The run of a study that counts; None if none is finished.

    Args:
        study: Folder with the runs of a study.
    """
    finished: dict[bool, Path] = {}
    for run in runs_of(study):
        try:
            manifest = read_manifest(run)
        except InputError:
            continue
        if manifest.status == "done":
            finished.setdefault(manifest.quick, run)
    return finished.get(False) or finished.get(True)


def findings_of(run: Path, catalog: Catalog) -> tuple[Finding, ...]:
    """The findings of a run, whatever kind of study it is of.

    Args:
        run: Folder of the run.
        catalog: Source of the model files that it used.

    Raises:
        InputError: If no cell of it is whole.
    """
    if not isinstance(read_manifest(run).spec, ProgrammeStudySpec):
        return exercise_findings(run, catalog)
    courses, question = courses_and_question(run, catalog)
    manifest = programme_manifest(run)
    source = _line_of(manifest, run)
    numbers, titles = programme_numbers(courses, question), titles_of(courses)
    return programme_findings(source, numbers, Names(titles, kinds_told(courses, catalog)))


def exercise_findings(run: Path, catalog: Catalog) -> tuple[Finding, ...]:
    """The findings of a study of an exercise.

    Args:
        run: Folder of its run.
        catalog: Source of the model files that it used.

    Raises:
        InputError: If no cell of it is whole.
    """
    tables = read_run(run)
    context, manifest = report_context(tables, catalog), tables.manifest
    source = _line_of(manifest, run)
    return tuple(_of_exercise(source, context))


def _line_of(manifest: AnyManifest, run: Path) -> StudyLine:
    """The study of a run, as a finding names it."""
    return StudyLine(
        manifest.study,
        manifest.spec.title,
        manifest.spec.question,
        run,
        manifest.started_utc[:10],
        manifest.quick,
        manifest.form,
    )


def _of_exercise(source: StudyLine, context: ReportContext) -> Iterator[Finding]:
    margin, apart = context.findings.primary.equivalence_margin, tests_tell_apart(context)
    for one in context.findings.comparisons:
        title = comparison_title(one, context.titles)
        yield Finding(
            source,
            f"{title}{context.about(one.group)}",
            context.measure,
            one,
            margin,
            decision(one, margin, apart),
            verdict(one, context.titles, context.measure, margin, apart),
        )


def programme_findings(
    source: StudyLine, numbers: ProgrammeNumbers, names: Names
) -> tuple[Finding, ...]:
    """The findings of a study of programmes.

    Args:
        source: The run that they are from.
        numbers: Numbers of its report.
        names: What its arms and kinds of children are called.
    """
    if numbers.by_elements:
        names = Names(sides_told(numbers.elements), {})
        found = [(one.comparison, tells_apart(numbers)) for one in numbers.elements]
    else:
        found = [(one.primary, tells_apart(numbers, one)) for one in numbers.compared]
    measure, margin = told_measure(numbers), told_margin(numbers)
    return tuple(
        Finding(
            source,
            names.of(shown),
            measure,
            shown,
            margin,
            decision(shown, margin, apart),
            children_for_infants(verdict(shown, names.arms, measure, margin, apart)),
        )
        for one, apart in found
        for shown in (told(numbers, one),)
    )
