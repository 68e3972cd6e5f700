"""The numbers of a report, from the tables of a run; the unit of analysis is the infant.

They follow from the tables alone, and from the primary outcome and the comparisons that the study
file named before the study ran.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isfinite, nan

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.outcome.practice import HoursToCriterion, hours_to_criterion
from dmi_sim.report.comparisons import Comparison, Group, compare, corrected
from dmi_sim.report.interactions import Interaction, interactions
from dmi_sim.report.tables import RunTables
from dmi_sim.spec.study import PrimaryOutcome, StudySpec
from dmi_sim.statistics.intervals import Estimate, interquartile_mean, mean_over_dose, t_interval
from dmi_sim.study.columns import Row

_SEED = 20260101
"""Seed of resamples and sign flips; fixed, so that a report is the same each time."""


@dataclass(frozen=True)
class LearningCurve:
    """A measured value of one infant over training in one arm.

    Attributes:
        group: Kind of infant.
        arm: Arm in which it was trained.
        seed: Number of the infant.
        dose_h: Training before each point [h], rising, shape (k,).
        values: Measured value at each point, shape (k,).
    """

    group: Group
    arm: str
    seed: int
    dose_h: Vector
    values: Vector


@dataclass(frozen=True)
class ArmResult:
    """The primary outcome in one arm.

    Attributes:
        group: Kind of infant.
        arm: Arm in which they were trained.
        values: Value of each infant, by seed; NaN where its tests give none.
        mean: Mean over infants that have a value, with its t interval.
        interquartile_mean: Mean of the middle half of the infants.
        success_share: Share of successes in the primary kind of tests at the last evaluation.
        fell_share: Share of falls in the same tests, those after a success too.
        times_untrained: Mean at the last evaluation over the mean at the first.
        met: Number of infants that met the criterion, where the outcome waits for one; the others
            are censored.
    """

    group: Group
    arm: str
    values: dict[int, float]
    mean: Estimate
    interquartile_mean: float
    success_share: float
    fell_share: float
    times_untrained: float
    met: int = 0


@dataclass(frozen=True)
class StudyFindings:
    """All numbers of a report.

    Attributes:
        primary: Primary outcome that the study file named.
        groups: Kinds of infants, in planned order.
        arms: Names of the arms, in planned order.
        results: Primary outcome by group and arm.
        comparisons: Comparisons by group, in the order of the study file.
        interactions: How comparisons differ between groups, as the study file asks.
        pushed: Learning curves of the primary outcome's measure in tests with pushes.
        calm: The same in tests without.
        impulse_n_s_per_h: Impulse of the hands per hour of training [N s/h], over training.
        weight_share: Share of the body weight that the hands bore, over training.
        faults: Number of test episodes in which the simulation gave up.
        episodes: Number of test episodes in all.
    """

    primary: PrimaryOutcome
    groups: tuple[Group, ...]
    arms: tuple[str, ...]
    results: tuple[ArmResult, ...]
    comparisons: tuple[Comparison, ...]
    interactions: tuple[Interaction, ...]
    pushed: tuple[LearningCurve, ...]
    calm: tuple[LearningCurve, ...]
    impulse_n_s_per_h: tuple[LearningCurve, ...]
    weight_share: tuple[LearningCurve, ...]
    faults: int
    episodes: int


def study_findings(run: RunTables) -> StudyFindings:
    """All numbers of a report from the tables of a run."""
    study = run.manifest.spec
    primary, tests = study.primary_outcome, primary_tests(run)
    pushed, calm = (_test_curves(tests, study, kind) for kind in (True, False))
    groups = tuple(dict.fromkeys(group_of(row, study) for row in tests))
    measured = pushed if primary.pushed else calm
    present = {curve.arm for curve in measured}
    arms = tuple(arm for arm in run.manifest.spec.arms if arm in present)
    results = tuple(_arm_result(group, arm, measured, run) for group in groups for arm in arms)
    comparisons = _comparisons(primary, groups, results)
    return StudyFindings(
        primary=primary,
        groups=groups,
        arms=arms,
        results=results,
        comparisons=comparisons,
        interactions=interactions(comparisons, primary.interactions),
        pushed=pushed,
        calm=calm,
        impulse_n_s_per_h=_learning_curves(run.training, study, _impulse_per_hour),
        weight_share=_learning_curves(run.training, study, _weight_share),
        faults=sum(int(row["physics_faults"]) for row in run.tests),
        episodes=sum(int(row["episodes"]) for row in run.tests),
    )


def primary_tests(run: RunTables) -> tuple[Row, ...]:
    """The tests of the exercise and in the hands that the primary outcome is measured in."""
    primary = run.manifest.spec.primary_outcome
    exercise = primary.exercise or run.manifest.spec.exercise
    rows = [row for row in run.tests if row["tested_in"] == exercise]
    hands = primary.support or (rows[0]["tested_with"] if rows else "")
    return tuple(row for row in rows if row["tested_with"] == hands)


def group_of(row: Row, study: StudySpec) -> Group:
    """The kind of infant of a row of a table of a study."""
    ages = study.ages_months
    return Group(
        condition=str(row["condition"]),
        severity=float(row["severity"]),
        age_months=ages[0] if len(ages) == 1 else float(row["age_months"]),
        sex="drawn" if "drawn" in study.sexes else str(row["sex"]),
        dose_steps=int(row["planned_steps"]) if len(study.dose.steps) > 1 else 0,
    )


def _column(rows: Sequence[Row], name: str) -> Vector:
    return np.array([float(row[name]) for row in rows])


def _test_curves(tests: Iterable[Row], study: StudySpec, pushed: bool) -> tuple[LearningCurve, ...]:
    rows = [row for row in tests if row["pushed"] == pushed]
    outcome = study.primary_outcome.curve
    return _learning_curves(rows, study, lambda rows: _column(rows, outcome))


def _learning_curves(
    rows: Iterable[Row], study: StudySpec, measure: Callable[[Sequence[Row]], Vector]
) -> tuple[LearningCurve, ...]:
    """One curve per cell; ``measure`` gives its values from its rows in order of dose."""
    cells: dict[str, list[Row]] = {}
    for row in rows:
        cells.setdefault(str(row["cell"]), []).append(row)
    return tuple(_learning_curve(sorted(own, key=_dose), study, measure) for own in cells.values())


def _dose(row: Row) -> float:
    return float(row["dose_h"])


def _learning_curve(
    rows: list[Row], study: StudySpec, measure: Callable[[Sequence[Row]], Vector]
) -> LearningCurve:
    first = rows[0]
    return LearningCurve(
        group=group_of(first, study),
        arm=str(first["arm"]),
        seed=int(first["seed"]),
        dose_h=_column(rows, "dose_h"),
        values=measure(rows),
    )


def _weight_share(rows: Sequence[Row]) -> Vector:
    """Share of the body weight that the hands bore in each stretch of training."""
    return _column(rows, "support_share_mean")


def _impulse_per_hour(rows: Sequence[Row]) -> Vector:
    """Impulse of the hands in each stretch of training over its length [N s/h]."""
    hours = np.diff(_column(rows, "dose_h"), prepend=0.0)
    return _column(rows, "support_impulse_n_s") / np.where(hours > 0, hours, nan)


def total_impulse_n_s(curve: LearningCurve) -> float:
    """Impulse of the hands over all training of one infant, from its curve per hour [N s]."""
    return float(np.nansum(curve.values * np.diff(curve.dose_h, prepend=0.0)))


def dose_mean(curve: LearningCurve) -> float:
    """Mean over training of a value that is measured per stretch of training."""
    hours = np.diff(curve.dose_h, prepend=0.0)
    total = float(hours.sum())
    return float(np.nansum(curve.values * hours)) / total if total > 0 else nan


def _primary_value(curve: LearningCurve, primary: PrimaryOutcome) -> float:
    """The one number of an infant in an arm that the study file asked for."""
    if primary.waits:
        return _waited(curve, primary).hours
    if primary.summary == "last_evaluation":
        return float(curve.values[-1])
    return mean_over_dose(curve.dose_h, curve.values)


def _waited(curve: LearningCurve, primary: PrimaryOutcome) -> HoursToCriterion:
    return hours_to_criterion(curve.dose_h, curve.values, primary.share_waited_for)


def _arm_result(
    group: Group, arm: str, curves: Sequence[LearningCurve], run: RunTables
) -> ArmResult:
    primary = run.manifest.spec.primary_outcome
    own = [curve for curve in curves if (curve.group, curve.arm) == (group, arm)]
    values = {curve.seed: _primary_value(curve, primary) for curve in own}
    infants = np.array([value for value in values.values() if isfinite(value)])
    return ArmResult(
        group=group,
        arm=arm,
        values=values,
        mean=t_interval(infants),
        interquartile_mean=interquartile_mean(infants),
        success_share=_last_mean(run, group, arm, "success"),
        fell_share=_last_mean(run, group, arm, "fell"),
        times_untrained=_times_untrained(own),
        met=sum(_waited(curve, primary).is_met for curve in own) if primary.waits else 0,
    )


def _times_untrained(curves: Sequence[LearningCurve]) -> float:
    first = float(np.mean([curve.values[0] for curve in curves]))
    last = float(np.mean([curve.values[-1] for curve in curves]))
    return last / first if first > 0 else nan


def _last_mean(run: RunTables, group: Group, arm: str, outcome: str) -> float:
    """Mean of an outcome over the primary kind of tests at the last evaluation."""
    study = run.manifest.spec
    last, pushed = study.dose.evaluations - 1, study.primary_outcome.pushed
    rows = [
        row
        for row in primary_tests(run)
        if (group_of(row, study), row["arm"], row["pushed"], row["evaluation"])
        == (group, arm, pushed, last)
    ]
    return float(np.mean(_column(rows, outcome))) if rows else nan


def _comparisons(
    primary: PrimaryOutcome, groups: Sequence[Group], results: Sequence[ArmResult]
) -> tuple[Comparison, ...]:
    by_arm = {(result.group, result.arm): result.values for result in results}
    rng = np.random.default_rng(_SEED)
    found = [
        compare(
            group,
            pair,
            (by_arm.get((group, pair[0]), {}), by_arm.get((group, pair[1]), {})),
            primary.equivalence_margin,
            rng,
        )
        for group in groups
        for pair in primary.comparisons
    ]
    return corrected(found)
