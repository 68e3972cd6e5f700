"""The context that all sections of a report share, and the elements that several of them use."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dmi_sim.catalog import Catalog
from dmi_sim.render.series_style import series_styles
from dmi_sim.report.comparisons import Group
from dmi_sim.report.exercise_words import ExerciseWords, exercise_words
from dmi_sim.report.findings import StudyFindings, study_findings
from dmi_sim.report.group_titles import group_titles
from dmi_sim.report.labels import Measure, arm_titles, measure
from dmi_sim.report.markup import Html, element
from dmi_sim.report.support_words import arm_schedule, schedule_rules
from dmi_sim.report.tables import RunTables
from dmi_sim.spec.study import StudySpec
from dmi_sim.statistics.intervals import Bounds
from dmi_sim.study.resolved import ResolvedDesign

_GLYPHS = {"o": "\u25cf", "s": "\u25a0", "^": "\u25b2", "D": "\u25c6", "v": "\u25bc", "P": "\u271a"}


@dataclass(frozen=True)
class ReportContext:
    """The study, its numbers and its titles, as all sections of a report need them.

    Attributes:
        study: The study as it ran.
        findings: All numbers of the report.
        titles: Titles of the arms, by name, in planned order.
        exercise: The exercise in words.
        group_titles: Titles of the kinds of infants.
        support_rules: When hands move and what their firmness follows, by the name of each arm in
            which they change.
        design: Physics, learners and rewards of the arms; None for a run begun without them.
    """

    study: StudySpec
    findings: StudyFindings
    titles: dict[str, str]
    exercise: ExerciseWords
    group_titles: dict[Group, str]
    support_rules: dict[str, str] = field(default_factory=dict[str, str])
    design: ResolvedDesign | None = None

    @property
    def measure(self) -> Measure:
        """The primary outcome in words; a time ends with the test, or with all practice."""
        found = measure(self.findings.primary.outcome)
        practice_h = self.training_h if self.findings.primary.waits else None
        ends = [end for end in (self.longest_s, practice_h) if end is not None]
        highest = min(found.bounds.highest, *ends) if ends else found.bounds.highest
        return replace(found, bounds=Bounds(found.bounds.lowest, highest))

    @property
    def longest_s(self) -> float | None:
        """The longest time that a test can give [s], for an outcome that grows with it."""
        found = measure(self.findings.primary.outcome)
        is_time = found.unit == "s" and found.direction == "higher"
        return self.exercise.test_s if is_time else None

    @property
    def curve_measure(self) -> Measure:
        """The outcome of single tests from which the primary outcome follows, in words."""
        return measure(self.findings.primary.curve)

    @property
    def told_apart(self) -> Mapping[Group, str]:
        """Titles of the kinds of infants, if more than one took part; else none is needed."""
        return self.group_titles if len(self.group_titles) > 1 else {}

    def about(self, group: Group) -> str:
        """The kind of infant for the end of a name; nothing if there is only one."""
        return f", {self.told_apart[group]}" if self.told_apart else ""

    @property
    def infants_told(self) -> str:
        """The number of infants of each kind; in a run that is not whole, beside the planned."""
        seeds: dict[Group, set[int]] = {}
        for one in self.findings.results:
            seeds.setdefault(one.group, set()).update(one.values)
        counts, planned = [len(own) for own in seeds.values()], self.study.seeds
        fewest, most = min(counts, default=0), max(counts, default=0)
        if fewest == planned:
            return f"{planned}"
        return f"{fewest if fewest == most else f'{fewest} to {most}'} of {planned} planned"

    @property
    def training_h(self) -> float:
        """The longest training of any infant [h]."""
        curves = (*self.findings.pushed, *self.findings.calm)
        return max(float(curve.dose_h[-1]) for curve in curves)


def report_context(run: RunTables, catalog: Catalog) -> ReportContext:
    """The context of the report of a run.

    Args:
        run: Tables of the run.
        catalog: Source of the exercise and of the titles of supports and conditions.
    """
    study, findings = run.manifest.spec, study_findings(run)
    return ReportContext(
        study=study,
        findings=findings,
        titles=arm_titles(study.arms, catalog),
        exercise=exercise_words(study, catalog),
        group_titles=group_titles(findings.groups, study.conditions, catalog),
        support_rules=_support_rules(study, catalog),
        design=run.manifest.design,
    )


def _support_rules(study: StudySpec, catalog: Catalog) -> dict[str, str]:
    schedules = {name: arm_schedule(arm, catalog) for name, arm in study.arms.items()}
    return {name: schedule_rules(one) for name, one in schedules.items() if not one.is_constant}


def arm_label(titles: Mapping[str, str], arm: str) -> Html:
    """The title of an arm after its marker in the figures."""
    style = series_styles(titles)[arm]
    glyph, colour = _GLYPHS[style.marker], f"color:{style.colour}"
    marker = element("span", glyph, style=colour, aria_hidden="true")
    return element("span", marker, f" {titles[arm]}", class_="arm")


def figure(picture: str, caption: str, class_: str = "plot") -> Html:
    """A figure with its caption."""
    return element("figure", Html(picture), element("figcaption", caption), class_=class_)
