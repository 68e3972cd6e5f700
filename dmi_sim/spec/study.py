"""Study: infants, arms, dose, tests and the primary outcome (`experiments/`).

A study file names its primary outcome and its comparisons before anything runs. Every arm has the
same infants and the same tests; arms differ in what the file says of them, which the report
declares. Nothing here can favour an arm.
"""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from dmi_sim.errors import did_you_mean
from dmi_sim.registry import name_of
from dmi_sim.spec.arm import Age, ArmDose, ArmSpec, RewardChange, SettingValue, unset
from dmi_sim.spec.base import (
    FileIndex,
    Fraction,
    Hundreds,
    Positive,
    Strict,
    unknown_name,
)
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.dose_and_tests import DoseSpec as DoseSpec
from dmi_sim.spec.dose_and_tests import TestSpec as TestSpec
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.study_base import Study
from dmi_sim.spec.support import SupportSpec
from dmi_sim.spec.support_schedule import unknown_support

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""A name in lower case that can be a column and a file name."""


class ConditionChoice(Strict):
    """A condition with its severity and options."""

    name: str
    """Name of the condition, a file in ``models/conditions``."""
    severity: Fraction = 0.5
    """Severity, from 0, equal to typical, to 1."""
    options: dict[str, str | float] = Field(default_factory=dict)
    """Values for options that the condition offers, such as ``topography: diplegia``."""


STUDY_OUTCOME = "outcome of a study"
"""Kind of the names that a primary outcome may have: outcomes of an episode or of a practice."""
HOURS_TO_SUCCESS = "hours_to_success"
"""The one outcome that is of an infant's whole practice and not of an episode."""
DEFAULT_CRITERION = 0.8
"""Share of successes that ``hours_to_success`` waits for unless the study says another."""


Factor = Literal["age", "condition", "severity", "sex", "dose"]
"""What kinds of infants of a study can differ in."""


class PrimaryOutcome(Strict):
    """The one number per infant that answers the question, fixed before the study runs."""

    outcome: Annotated[str, name_of(STUDY_OUTCOME)]
    """An outcome of a test episode, see ``dmi_sim.outcomes()``, or ``hours_to_success``: practice
    until the share of successes in the tests reaches ``criterion``."""
    summary: Literal["area_under_curve", "last_evaluation"] = "area_under_curve"
    """Mean over the dose (area under the learning curve over dose), or the last test only; without
    meaning for ``hours_to_success``."""
    criterion: Annotated[float, Field(gt=0, le=1)] | None = Field(
        default=None, exclude_if=lambda share: share is None
    )
    """Share of successes that ``hours_to_success`` waits for; 0.8 by default."""
    pushed: bool = True
    """Whether the outcome is measured in the episodes with pushes."""
    support: str | None = Field(default=None, exclude_if=unset)
    """Hands of the tests in which the outcome is measured; the first of ``test.supports`` by
    default."""
    exercise: str | None = Field(default=None, exclude_if=unset)
    """Exercise in whose tests the outcome is measured, one of ``test.transfer``; the practised one
    by default."""
    comparisons: tuple[tuple[str, str], ...]
    """Pairs of arms; the effect is the first minus the second."""
    interactions: tuple[Factor, ...] = Field(default=(), exclude_if=unset)
    """Factors on which these effects may depend: how far each effect differs from that in the
    first kind of infants that differs in the factor alone."""
    equivalence_margin: Positive
    """Largest difference that would not matter, in the unit of the outcome."""

    @model_validator(mode="after")
    def _criterion_has_a_use(self) -> Self:
        if self.criterion is not None and not self.waits:
            raise ValueError(f"criterion: only {HOURS_TO_SUCCESS} has one, not {self.outcome}")
        return self

    @property
    def waits(self) -> bool:
        """Whether the outcome is the practice until a criterion is met."""
        return self.outcome == HOURS_TO_SUCCESS

    @property
    def curve(self) -> str:
        """The outcome of an episode whose course over practice gives the infant's number."""
        return "success" if self.waits else self.outcome

    @property
    def share_waited_for(self) -> float:
        """Share of successes that ``hours_to_success`` waits for."""
        return DEFAULT_CRITERION if self.criterion is None else self.criterion


class StudyFormSpec(Strict):
    """Values that replace those of the full study in a shorter form; all others stay."""

    arms: Annotated[tuple[str, ...], Field(min_length=1)] | None = Field(
        default=None, exclude_if=lambda arms: arms is None
    )
    """Arms that remain, with their comparisons."""
    seeds: Hundreds | None = None
    """Infants per arm."""
    dose: DoseSpec | None = None
    """Dose of training."""
    test: TestSpec | None = None
    """Test at each evaluation."""
    minutes: Positive | None = None
    """Wall time to expect on two cores [min]."""


def _changes_nothing(form: StudyFormSpec) -> bool:
    """Whether a form is the full study; the file of a run then does not tell of it."""
    return form == StudyFormSpec()


class StudySpec(Study):
    """A study of one exercise: arms differ in the hands of practice."""

    exercise: str
    """Exercise that is trained and tested, a file in ``envs``."""
    arms: dict[Name, ArmSpec] = Field(min_length=1)
    """Arms by name."""
    matched_to: Name | None = Field(default=None, exclude_if=unset)
    """Arm whose hands help as much as those of every arm with ``matched_in``."""
    conditions: tuple[ConditionChoice, ...] = (ConditionChoice(name="typical"),)
    """Conditions of the infants; every arm has all of them."""
    ages_months: tuple[Age, ...] = Field(min_length=1)
    """Ages of the infants [months]; every arm has all of them."""
    subjects: Literal["one_body", "cohort"] = Field(
        default="one_body", exclude_if=lambda subjects: subjects == "one_body"
    )
    """Bodies of the infants of one kind: ``one_body``, the median of the growth standard, for all
    of them, so that they differ in their random numbers only; or ``cohort``, drawn for each infant
    from the growth standard, the same in every arm."""
    sexes: tuple[Literal["female", "male", "drawn"], ...] = Field(default=("female",), min_length=1)
    """Sexes of the infants; every arm has all of them. ``drawn``, which only a cohort has and has
    by default, draws the sex of each infant too."""
    seeds: Hundreds
    """Infants per arm; arms are paired infant by infant."""
    first_seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Seed from which all random numbers of the study follow."""
    dose: DoseSpec
    """Dose of training, or several doses; an arm may have its own."""
    rewards: dict[str, RewardChange] = Field(default_factory=dict, exclude_if=unset)
    """Weights of reward terms of the exercise in place of its own, in every arm."""
    training: dict[str, SettingValue] = Field(default_factory=dict, exclude_if=unset)
    """Settings of the learner in place of the exercise's, in every arm."""
    test: TestSpec
    """Test at each evaluation, the same in every arm."""
    primary_outcome: PrimaryOutcome
    """The number that answers the question."""
    minutes: Positive
    """Wall time to expect on two cores [min]."""
    quick: StudyFormSpec = StudyFormSpec()
    """Values of the quick form."""
    standard: StudyFormSpec = Field(default=StudyFormSpec(), exclude_if=_changes_nothing)
    """Values of the standard form, which fits into two hours on two cores."""

    @model_validator(mode="before")
    @classmethod
    def _sexes_of_a_cohort_are_drawn(cls, data: object) -> object:
        if isinstance(data, dict) and data.get("subjects") == "cohort" and "sexes" not in data:
            return {**data, "sexes": ["drawn"]}
        return data

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems = [
            *self._repeats(),
            *self._undrawn(),
            *self._unknown_arms(),
            *self._unmatched(),
            *self._untested(),
            *self._ambiguous_arms(),
            *self._unequal_waits(),
            *self._constant_factors(),
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _repeats(self) -> Iterator[str]:
        for field in ("conditions", "ages_months", "sexes"):
            values: tuple[object, ...] = getattr(self, field)
            if not values:
                yield f"{field} must name at least one"
            if any(value in values[:i] for i, value in enumerate(values)):
                yield f"{field} names one twice"

    def _undrawn(self) -> Iterator[str]:
        """Why a sex cannot be drawn."""
        if "drawn" not in self.sexes:
            return
        if self.subjects != "cohort":
            yield "sexes: only 'subjects: cohort' has drawn ones; write female or male"
        elif len(self.sexes) > 1:
            yield "sexes: write 'drawn' alone, or female, male or both"

    def _unknown_arms(self) -> Iterator[str]:
        for pair in self.primary_outcome.comparisons:
            for arm in pair:
                if arm not in self.arms:
                    hint = did_you_mean(arm, self.arms)
                    yield f"primary_outcome.comparisons: no arm '{arm}'; {hint}"
            if pair[0] == pair[1]:
                yield f"primary_outcome.comparisons: '{pair[0]}' is compared with itself"
        for name, form in self._forms():
            yield from self._unknown_arms_of(name, form)

    def _unknown_arms_of(self, name: str, form: StudyFormSpec) -> Iterator[str]:
        kept = form.arms or tuple(self.arms)
        for arm in kept:
            if arm not in self.arms:
                yield f"{name}.arms: no arm '{arm}'; {did_you_mean(arm, self.arms)}"
        pairs = self.primary_outcome.comparisons
        if pairs and not any({*pair} <= {*kept} for pair in pairs):
            yield f"{name}.arms: leaves no comparison of primary_outcome"

    def _unmatched(self) -> Iterator[str]:
        """Arms whose hands are matched to those of no arm."""
        if self.matched_to is not None and self.matched_to not in self.arms:
            hint = did_you_mean(self.matched_to, self.arms)
            yield f"matched_to: no arm '{self.matched_to}'; {hint}"
        matched = {name for name, arm in self.arms.items() if arm.matched_in is not None}
        for name, form in self._forms():
            kept = {*(form.arms or self.arms)}
            if kept & matched and self.matched_to not in (None, *kept):
                yield f"{name}.arms: leaves out '{self.matched_to}', to which others are matched"
        for name in sorted(matched):
            arm = self.arms[name]
            if self.matched_to is None:
                yield f"arms.{name}.matched_in: matched_to must name the arm that it is matched to"
            elif not isinstance(arm.support, str):
                yield f"arms.{name}.matched_in: only hands at one site, of one firmness, have it"

    def _untested(self) -> Iterator[str]:
        tests = self.test, *(self._test_of(form) for _, form in self._forms())
        if any(self.primary_outcome.pushed not in test.pushes for test in tests):
            wanted = "true" if self.primary_outcome.pushed else "false"
            yield f"test.pushes must contain {wanted}, which primary_outcome.pushed asks for"
        for field, place in (("support", "supports"), ("exercise", "transfer")):
            wanted = getattr(self.primary_outcome, field)
            own = self.exercise if field == "exercise" else None
            for test in tests:
                known: tuple[str, ...] = getattr(test, place)
                if wanted not in (None, own, *known):
                    yield f"primary_outcome.{field}: '{wanted}' is not in test.{place}"
                    break
        if any(self.exercise in test.transfer for test in tests):
            yield f"test.transfer: '{self.exercise}' is what infants practise"

    def _ambiguous_arms(self) -> Iterator[str]:
        """Arms with a value of their own for what the study has several of."""
        for name, arm in self.arms.items():
            if arm.dose is not None and len(self.dose.steps) > 1:
                yield f"arms.{name}.dose: the study has several doses, which every arm gets"
            if arm.age_months is not None and len(self.ages_months) > 1:
                yield f"arms.{name}.age_months: the study has several ages, which every arm gets"

    def _unequal_waits(self) -> Iterator[str]:
        """Comparisons of the hours to success between arms that do not practise equally long."""
        for first, second in self.primary_outcome.comparisons:
            if not self.primary_outcome.waits or not {first, second} <= self.arms.keys():
                continue
            if self.doses_of(first) != self.doses_of(second):
                yield (
                    f"primary_outcome: {HOURS_TO_SUCCESS} counts an infant that never succeeds "
                    f"with its whole dose, so '{first}' and '{second}' need the same dose"
                )

    def _constant_factors(self) -> Iterator[str]:
        """Interactions with a factor in which no infants of the study differ."""
        kinds = {(one.name, *sorted(one.options.items())) for one in self.conditions}
        varies = {
            "age": len(self.ages_months) > 1,
            "condition": len(kinds) > 1,
            "severity": len(self.conditions) > len(kinds),
            "sex": len(self.sexes) > 1,
            "dose": len(self.dose.steps) > 1,
        }
        asked = self.primary_outcome.interactions
        if len(set(asked)) != len(asked):
            yield "primary_outcome.interactions names one twice"
        for factor in asked:
            if not varies[factor]:
                yield f"primary_outcome.interactions: all infants of this study have one {factor}"

    def doses_of(self, arm: str) -> tuple[int, ...]:
        """Control steps of each dose of an arm."""
        own = self.arms[arm].dose
        return self.dose.steps if own is None else (own.training_steps,)

    def reward_weights(self, arm: str) -> dict[str, float]:
        """Weights of reward terms in an arm in place of the exercise's, by name."""
        changes = {**self.rewards, **self.arms[arm].rewards}
        return {name: change.weight for name, change in changes.items()}

    def training_settings(self, arm: str) -> dict[str, SettingValue]:
        """Settings of the learner in an arm in place of the exercise's, by name."""
        return {**self.training, **self.arms[arm].training}

    def _forms(self) -> tuple[tuple[str, StudyFormSpec], ...]:
        """The shorter forms of the study by name."""
        return ("quick", self.quick), ("standard", self.standard)

    def _test_of(self, form: StudyFormSpec) -> TestSpec:
        """The tests of a form: in the same hands and exercises, unless it says others."""
        if form.test is None:
            return self.test
        kept = {"supports", "support_strength", "transfer"} - form.test.model_fields_set
        return form.test.model_copy(update={field: getattr(self.test, field) for field in kept})

    def quick_form(self) -> "StudySpec":
        """The study with the values of its ``quick`` block in force and both blocks empty.

        The own dose of an arm is shortened like the study's, so that their ratio stays.
        """
        return self._with(self.quick)

    def standard_form(self) -> "StudySpec":
        """The study with the values of its ``standard`` block in force and both blocks empty."""
        return self._with(self.standard)

    def _with(self, form: StudyFormSpec) -> "StudySpec":
        changes = {name: value for name, value in form if value is not None}
        kept = form.arms or tuple(self.arms)
        factor = 1.0 if form.dose is None else form.dose.steps[0] / self.dose.steps[0]
        changes["test"] = self._test_of(form)
        changes["arms"] = {
            name: _shortened(arm, factor) for name, arm in self.arms.items() if name in kept
        }
        pairs = tuple(one for one in self.primary_outcome.comparisons if {*one} <= {*kept})
        changes["primary_outcome"] = self.primary_outcome.model_copy(update={"comparisons": pairs})
        if self.matched_to not in kept:
            changes["matched_to"] = None
        return self.model_copy(
            update={**changes, "quick": StudyFormSpec(), "standard": StudyFormSpec()}
        )

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Names of an exercise, a condition or a support that do not exist."""
        yield from unknown_name(catalog, ExerciseSpec, "exercise", self.exercise)
        for number, condition in enumerate(self.conditions):
            field = f"conditions.{number}.name"
            yield from unknown_name(catalog, ConditionSpec, field, condition.name)
        for name, arm in self.arms.items():
            yield from unknown_support(catalog, f"arms.{name}.support", arm.support)
        for support in self.test.supports:
            yield from unknown_name(catalog, SupportSpec, "test.supports", support)
        for exercise in self.test.transfer:
            yield from unknown_name(catalog, ExerciseSpec, "test.transfer", exercise)


def _shortened(arm: ArmSpec, factor: float) -> ArmSpec:
    if arm.dose is None or factor == 1:
        return arm
    steps = max(1, round(factor * arm.dose.training_steps))
    return arm.model_copy(update={"dose": ArmDose(training_steps=steps)})
