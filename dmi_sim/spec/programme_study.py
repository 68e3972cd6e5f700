"""Study of programmes: children who live on under one programme of therapy or another.

Every arm has the same children: one by one they have the same body and begin with the same brain.
The file names its primary outcome and its comparisons before anything runs, and nothing here can
favour an arm.
"""

from collections.abc import Iterator
from math import ceil
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from dmi_sim.errors import did_you_mean
from dmi_sim.registry import name_of
from dmi_sim.spec.adaptation import AdaptationSpec
from dmi_sim.spec.arm import SettingValue, unset
from dmi_sim.spec.base import FileIndex, Fraction, Hundreds, Positive, Strict, unknown_name
from dmi_sim.spec.brain import BrainSpec, KlLimit
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.plasticity import PlasticitySpec
from dmi_sim.spec.programme import WEEKS_PER_MONTH, Months, RuleValue
from dmi_sim.spec.programme_arm import ProgrammeArmSpec
from dmi_sim.spec.study import ConditionChoice, Name
from dmi_sim.spec.study_base import Study

_OLDEST_MONTHS = 24.0
CHILD_OUTCOME = "outcome of a child"
"""Kind of the names that a primary outcome may have here."""
Weeks = Annotated[int, Field(ge=1, le=104)]
"""A number of weeks."""
ChildFactor = Literal["condition", "severity"]
"""What kinds of children of a study can differ in."""
SHIPPED_ADAPTATION = "muscle_length"
"""File in ``models/adaptation`` by which the muscles of children adapt."""


class WhoSpec(Strict):
    """Who the children are; every arm has the same ones."""

    age_months: Months
    """Age at the start [months]."""
    conditions: tuple[ConditionChoice, ...] = Field(default=(), exclude_if=unset)
    """Several conditions in place of the one below; every arm has children of each of them, and a
    child with one condition has the same body as its like with another."""
    condition: str = "typical"
    """Name of a file in ``models/conditions``."""
    severity: Fraction = 0.5
    """Severity of the condition, from 0, equal to typical, to 1."""
    condition_options: dict[str, str | float] = Field(default_factory=dict)
    """Values for options that the condition offers."""
    bodies: Literal["cohort", "median"] = "cohort"
    """``cohort``: each child has a body of its own, drawn from the growth standard; ``median``: all
    have the median body, so that they differ in their random numbers only."""
    sex: Literal["drawn", "female", "male"] = "drawn"
    """Sex of the children; ``drawn``, which only a cohort has, draws that of each child."""

    @model_validator(mode="before")
    @classmethod
    def _median_bodies_are_female(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("bodies") == "median" and "sex" not in data:
            return {**data, "sex": "female"}
        return data

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.sex == "drawn" and self.bodies != "cohort":
            raise ValueError("sex: only 'bodies: cohort' has a drawn one; write female or male")
        named = ("condition", "severity", "condition_options")
        one = [name for name in named if getattr(self, name) != _plain(name)]
        if self.conditions and one:
            raise ValueError(f"conditions: stands in place of {', '.join(one)}")
        if any(choice in self.conditions[:n] for n, choice in enumerate(self.conditions)):
            raise ValueError("conditions: names one twice")
        return self

    @property
    def kinds(self) -> tuple[ConditionChoice, ...]:
        """The conditions of the children, each with its severity and options; at least one."""
        one = {"name": self.condition, "severity": self.severity, "options": self.condition_options}
        return self.conditions or (ConditionChoice.model_validate(one),)


def _plain(field: str) -> object:
    """The value of a field of the children that nobody gives; a file may hold it all the same."""
    return WhoSpec.model_fields[field].get_default(call_default_factory=True)


class PracticeSpec(Strict):
    """How children learn, and how much of their time is simulated; the same in every arm."""

    brain: str = "infant"
    """Name of a file in ``models/brains``."""
    minutes_per_minute: Annotated[float, Field(gt=0, le=10)] | None = None
    """Minutes of practice that are simulated for one minute of the timetable, in place of what the
    brain says."""
    plasticity: str | None = None
    """Name of a file in ``models/plasticity``: what brains do over months besides learning; nothing
    without one."""
    adaptation: str | None = SHIPPED_ADAPTATION
    """Name of a file in ``models/adaptation``: how muscles adapt to therapy; ``null`` for muscles
    that do not."""
    free_play_share: Fraction = 1.0
    """Share of the free play of the programmes that is simulated."""
    training: dict[str, SettingValue] = Field(default_factory=dict, exclude_if=unset)
    """Settings of the learner in place of the brain's."""
    kl_limit_nats: KlLimit | None = Field(default=None, exclude_if=unset)
    """How far behaviour may change each time that a child learns, in place of what the brain
    says."""


AssessmentPart = Literal["ranges", "segmental", "responses"]
"""What a child can be assessed in besides the exercises."""
SHIPPED_PARTS: tuple[AssessmentPart, ...] = ("ranges",)
"""What it is assessed in unless a study says otherwise: what takes no time."""


class AssessmentsSpec(Strict):
    """When children are assessed, and how; the same in every arm."""

    every_weeks: Weeks
    """Weeks between two assessments; there is one before any practice, and one after the last
    week."""
    trials: Hundreds
    """Trials of each exercise, on starts that were never practised."""
    parts: tuple[AssessmentPart, ...] = SHIPPED_PARTS
    """What children are assessed in besides: ``ranges`` of motion, the ``segmental`` level of trunk
    control, and postural ``responses`` on a platform. The last two take time, which ``dmi-sim
    study`` tells before it runs."""
    pause_weeks: Annotated[int, Field(ge=0, le=104)] = 0
    """Weeks without practice or play after the last week, and then one more assessment; 0 for
    none."""


class ChildOutcomeSpec(Strict):
    """The one number per child that answers the question, fixed before the study runs."""

    outcome: Annotated[str, name_of(CHILD_OUTCOME)]
    """Name of a function in ``dmi_sim/child/outcomes.py``."""
    params: dict[str, RuleValue] = Field(default_factory=dict, exclude_if=unset)
    """Parameters of that function, such as ``milestone``."""
    comparisons: Annotated[tuple[tuple[str, str], ...], Field(min_length=1)]
    """Pairs of arms; the effect is the first minus the second."""
    by_elements: bool = Field(default=False, exclude_if=unset)
    """Whether the main effects of the elements of a factorial answer the question; comparisons are
    then told beside them. The arms must be those of :mod:`dmi_sim.therapy.factorial`."""
    interactions: tuple[ChildFactor, ...] = Field(default=(), exclude_if=unset)
    """Factors on which these effects may depend: how far each effect differs from that in the
    first condition that differs in the factor alone."""
    equivalence_margin: Positive
    """Largest difference that would not matter, in the unit of the outcome."""


class ProgrammeFormSpec(Strict):
    """Values that replace those of the full study in a shorter form; all others stay."""

    arms: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    """Arms that remain, with their comparisons."""
    children: Hundreds | None = None
    """Children per arm."""
    weeks: Weeks | None = None
    """Weeks that they live through."""
    therapy_weeks: Weeks | None = None
    """Weeks in which the therapist comes."""
    practice: PracticeSpec | None = None
    """How they learn."""
    assessments: AssessmentsSpec | None = None
    """When they are assessed."""
    minutes: Positive | None = None
    """Wall time to expect on two cores [min]."""


class ProgrammeStudySpec(Study):
    """A study of programmes: its cells are children, each living under one programme."""

    arms: dict[Name, ProgrammeArmSpec] = Field(min_length=1)
    """Arms by name."""
    who: WhoSpec
    """Who the children are."""
    children: Hundreds
    """Children per arm, of each condition; arms are paired child by child."""
    weeks: Weeks
    """Weeks that they live through; after the last week of its programme a child plays on."""
    therapy_weeks: Weeks | None = Field(default=None, exclude_if=unset)
    """Weeks in which the therapist comes, the same in every arm, in place of those of the
    programmes; a study whose arms start at different ages has to say it, so that all of them get
    the same dose, and all children are of one age in the end."""
    learning_seeds: Literal["paired", "apart"] = "paired"
    """Whether a child has the same first brain, noise and starts in every arm. ``apart`` is for
    studies that compare a programme with itself: the arms share bodies and nothing else."""
    first_seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Seed from which all random numbers of the study follow."""
    begins_with: str | None = None
    """Policy that experienced children begin with, shipped or in a folder; without one they have
    learnt nothing."""
    practice: PracticeSpec = PracticeSpec()
    """How they learn, and how much of their time is simulated."""
    assessments: AssessmentsSpec
    """When they are assessed, and how."""
    primary_outcome: ChildOutcomeSpec
    """The number that answers the question."""
    minutes: Positive
    """Wall time to expect on two cores [min]."""
    quick: ProgrammeFormSpec = ProgrammeFormSpec()
    """Values of the quick form."""
    standard: ProgrammeFormSpec = ProgrammeFormSpec()
    """Values of the standard form, which fits into two hours on two cores."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems = [
            *self._unknown_arms(),
            *self._too_old(),
            *self._unequal_starts(),
            *self._constant_factors(),
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _unknown_arms(self) -> Iterator[str]:
        for arm in dict.fromkeys(arm for pair in self.primary_outcome.comparisons for arm in pair):
            if arm not in self.arms:
                hint = did_you_mean(arm, self.arms)
                yield f"primary_outcome.comparisons: no arm '{arm}'; {hint}"
        for first, second in self.primary_outcome.comparisons:
            if first == second:
                yield f"primary_outcome.comparisons: '{first}' is compared with itself"
        for form in ("quick", "standard"):
            yield from self._unknown_arms_of(form)

    def _unknown_arms_of(self, form: Literal["quick", "standard"]) -> Iterator[str]:
        kept = self._form(form).arms or tuple(self.arms)
        for arm in kept:
            if arm not in self.arms:
                yield f"{form}.arms: no arm '{arm}'; {did_you_mean(arm, self.arms)}"
        if not any({*pair} <= {*kept} for pair in self.primary_outcome.comparisons):
            yield f"{form}.arms: leaves no comparison of primary_outcome"

    def _too_old(self) -> Iterator[str]:
        for name, form in self._forms():
            pause = (form.assessments or self.assessments).pause_weeks
            end_months = (
                self.who.age_months + ((form.weeks or self.weeks) + pause) / WEEKS_PER_MONTH
            )
            if end_months > _OLDEST_MONTHS:
                most = int((_OLDEST_MONTHS - self.who.age_months) * WEEKS_PER_MONTH) - pause
                yield (
                    f"{name}weeks: children would be {end_months:.1f} months old in the end; "
                    f"at most {max(0, most)} weeks"
                )

    def _unequal_starts(self) -> Iterator[str]:
        """Arms whose therapist would come before the children are there, or for less long."""
        for name, arm in self.arms.items():
            starts, field = arm.starts_at_months, f"arms.{name}.starts_at_months"
            if starts is not None and starts < self.who.age_months:
                yield f"{field}: {starts:g} is before the age at the start, {self.who.age_months:g}"
            elif starts is not None and self.therapy_weeks is None:
                yield f"{field}: say `therapy_weeks`, so that every arm gets the same dose"
        for name, form in self._forms():
            therapy, weeks = form.therapy_weeks or self.therapy_weeks, form.weeks or self.weeks
            last = {arm: self.first_week(arm) + (therapy or 0) for arm in form.arms or self.arms}
            for arm in (arm for arm in last if arm in self.arms and last[arm] > weeks):
                yield (
                    f"{name}weeks: therapy in arm '{arm}' would go on to week {last[arm]}, "
                    f"and children live through {weeks}"
                )

    def _constant_factors(self) -> Iterator[str]:
        """Interactions with a factor in which no children of the study differ."""
        kinds = {(one.name, *sorted(one.options.items())) for one in self.who.kinds}
        varies = {"condition": len(kinds) > 1, "severity": len(self.who.kinds) > len(kinds)}
        asked = self.primary_outcome.interactions
        if len(set(asked)) != len(asked):
            yield "primary_outcome.interactions names one twice"
        for factor in asked:
            if not varies[factor]:
                yield f"primary_outcome.interactions: all children of this study have one {factor}"

    def first_week(self, arm: str) -> int:
        """The week in which the therapist of an arm first comes, from 0.

        Args:
            arm: Name of the arm.
        """
        own = self.arms[arm].starts_at_months if arm in self.arms else None
        months = 0.0 if own is None else max(0.0, own - self.who.age_months)
        return ceil(round(months * WEEKS_PER_MONTH, 6))

    def _forms(self) -> tuple[tuple[str, ProgrammeFormSpec], ...]:
        """All forms of the study, each with the beginning of the names of its fields."""
        return (
            ("", ProgrammeFormSpec()),
            ("quick.", self.quick),
            ("standard.", self.standard),
        )

    def _form(self, name: Literal["quick", "standard"]) -> ProgrammeFormSpec:
        return self.quick if name == "quick" else self.standard

    def quick_form(self) -> "ProgrammeStudySpec":
        """The study with the values of its ``quick`` block in force and all blocks empty."""
        return self._with(self.quick)

    def standard_form(self) -> "ProgrammeStudySpec":
        """The study with the values of its ``standard`` block in force and all blocks empty."""
        return self._with(self.standard)

    def _with(self, form: ProgrammeFormSpec) -> "ProgrammeStudySpec":
        changes = {name: value for name, value in form if value is not None}
        kept = form.arms or tuple(self.arms)
        changes["arms"] = {name: arm for name, arm in self.arms.items() if name in kept}
        pairs = tuple(one for one in self.primary_outcome.comparisons if {*one} <= {*kept})
        changes["primary_outcome"] = self.primary_outcome.model_copy(update={"comparisons": pairs})
        empty = {"quick": ProgrammeFormSpec(), "standard": ProgrammeFormSpec()}
        return self.model_copy(update={**changes, **empty})

    @property
    def assessed_in_weeks(self) -> tuple[int, ...]:
        """Weeks before which children are assessed, from 0; the last one is after the last week."""
        return (*range(0, self.weeks, self.assessments.every_weeks), self.weeks)

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Names of programmes, conditions or brains that do not exist."""
        for name, arm in self.arms.items():
            yield from arm.problems(catalog, f"arms.{name}")
        if not self.who.conditions:
            yield from unknown_name(catalog, ConditionSpec, "who.condition", self.who.condition)
        for number, one in enumerate(self.who.conditions):
            field = f"who.conditions.{number}.name"
            yield from unknown_name(catalog, ConditionSpec, field, one.name)
        yield from _unknown_files(catalog, "practice", self.practice)
        for field, form in self._forms():
            if form.practice is not None:
                yield from _unknown_files(catalog, f"{field}practice", form.practice)


def _unknown_files(catalog: FileIndex, field: str, practice: PracticeSpec) -> Iterator[str]:
    yield from unknown_name(catalog, BrainSpec, f"{field}.brain", practice.brain)
    if practice.plasticity is not None:
        yield from unknown_name(catalog, PlasticitySpec, f"{field}.plasticity", practice.plasticity)
    if practice.adaptation is not None:
        yield from unknown_name(catalog, AdaptationSpec, f"{field}.adaptation", practice.adaptation)
