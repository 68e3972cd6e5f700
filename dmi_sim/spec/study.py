"""Study: infants, arms, dose, tests and the primary outcome (`experiments/`).

A study file names its primary outcome and its comparisons before anything runs. Every arm has the
same infants and the same tests; arms differ in what the file says of them, which the report
declares. Nothing here can favour an arm.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from dmi_sim.errors import did_you_mean
from dmi_sim.registry import name_of
from dmi_sim.spec.arm import Age, ArmDose, ArmSpec, RewardChange, SettingValue, Steps, unset
from dmi_sim.spec.base import (
    FileIndex,
    Fraction,
    Hundreds,
    Positive,
    Strict,
    unknown_name,
)
from dmi_sim.spec.condition import ConditionSpec
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


class DoseSpec(Strict):
    """Dose of training of each infant, and the tests along the way."""

    training_steps: Steps
    """Control steps of training in total; reports show them as simulated hours. Of several doses
    every infant practises each from the start, in every arm; arms are compared at equal dose."""
    evaluations: Annotated[int, Field(ge=2, le=1000)]
    """Number of evaluations along the dose, evenly spaced; the first is before any training."""
    pushes: bool = False
    """Whether infants are also pushed during training, in all arms alike."""

    @property
    def steps(self) -> tuple[int, ...]:
        """Control steps of each dose; most studies have one.

        >>> DoseSpec(training_steps=4096, evaluations=2).steps
        (4096,)
        """
        steps = self.training_steps
        return (steps,) if isinstance(steps, int) else steps


class TestSpec(Strict):
    """Tests at an evaluation: episodes whose seeds are never used in training."""

    __test__: ClassVar[bool] = False  # not a test case, whatever its name says

    episodes: Hundreds
    """Number of episodes with pushes, and the same number without; they have the same starts at
    every evaluation and in every arm."""
    pushes: tuple[bool, ...] = (True, False)
    """Kinds of test episodes: with pushes (true), without (false), or both."""
    supports: tuple[str, ...] = Field(default=(), exclude_if=unset)
    """Hands in which infants are tested, each in episodes of its own, the same in every arm. By
    default ``none``, or the most distal hands of an exercise that infants cannot do alone."""
    support_strength: Fraction = Field(default=1.0, exclude_if=lambda strength: strength == 1)
    """Factor of the stiffness of these hands and of their largest force and torque."""
    transfer: tuple[str, ...] = Field(default=(), exclude_if=unset)
    """Further exercises, files in ``envs`` of the same observations and actions, in which infants
    are tested without having practised them; with pushes where that exercise has any."""

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if not self.pushes or len(set(self.pushes)) != len(self.pushes):
            raise ValueError("pushes must be [true], [false] or [true, false]")
        for field in ("supports", "transfer"):
            names: tuple[str, ...] = getattr(self, field)
            if len(set(names)) != len(names):
                raise ValueError(f"{field} names one twice")
        return self


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


class QuickSpec(Strict):
    """Values that replace those of the full study in its quick form; all others stay."""

    seeds: Hundreds | None = None
    """Infants per arm."""
    dose: DoseSpec | None = None
    """Dose of training."""
    test: TestSpec | None = None
    """Test at each evaluation."""
    minutes: Positive | None = None
    """Wall time to expect on two cores [min]."""


class StudySpec(Study):
    """A study of one exercise: arms differ in the hands of practice."""

    exercise: str
    """Exercise that is trained and tested, a file in ``envs``."""
    arms: dict[Name, ArmSpec] = Field(min_length=1)
    """Arms by name."""
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
    quick: QuickSpec = QuickSpec()
    """Values of the quick form."""

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

    def _untested(self) -> Iterator[str]:
        tests = self.test, self._quick_test()
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

    def _quick_test(self) -> TestSpec:
        """The tests of the quick form: in the same hands and exercises, unless it says others."""
        quick = self.quick.test
        if quick is None:
            return self.test
        kept = {"supports", "support_strength", "transfer"} - quick.model_fields_set
        return quick.model_copy(update={field: getattr(self.test, field) for field in kept})

    def quick_form(self) -> "StudySpec":
        """The study with the values of its ``quick`` block in force and that block empty.

        The own dose of an arm is shortened like the study's, so that their ratio stays.
        """
        changes = {name: value for name, value in self.quick if value is not None}
        changes["test"] = self._quick_test()
        dose = self.quick.dose
        if dose is not None:
            factor = dose.steps[0] / self.dose.steps[0]
            changes["arms"] = {name: _shortened(arm, factor) for name, arm in self.arms.items()}
        return self.model_copy(update={**changes, "quick": QuickSpec()})

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
    if arm.dose is None:
        return arm
    steps = max(1, round(factor * arm.dose.training_steps))
    return arm.model_copy(update={"dose": ArmDose(training_steps=steps)})
