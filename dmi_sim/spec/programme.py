"""Programme: which rules a therapist follows, and when it comes (`models/programmes/`)."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Self

from pydantic import Field, WrapValidator, model_validator
from pydantic import ValidationError as Refused
from pydantic import ValidatorFunctionWrapHandler as Check

from dmi_sim.errors import did_you_mean
from dmi_sim.registry import name_of
from dmi_sim.spec.base import FileIndex, Positive, Spec, Strict, unknown_name
from dmi_sim.spec.exercise import ExerciseSpec

WEEKS_PER_MONTH = 30.4375 / 7
"""Weeks in a month."""
_OLDEST_MONTHS = 24.0
_DAY_MINUTES = 1440

Months = Annotated[float, Field(ge=0, le=_OLDEST_MONTHS)]
"""An age [months]."""
DayMinutes = Annotated[float, Field(ge=0, le=_DAY_MINUTES)]
"""A part of a day [min]."""
Week = Annotated[int, Field(ge=0, le=104)]
"""A week of a programme, counted from 0."""
Shares = Annotated[dict[str, Positive], Field(min_length=1)]
"""Weights of exercises, files in ``envs/``; their sum does not matter."""


def _one_line(value: object, check: Check) -> object:
    """The value, or one problem in place of one for each type that a parameter may have."""
    try:
        return check(value)
    except Refused:
        raise ValueError("must be a number, a word, a list, or numbers by name") from None


RuleValue = Annotated[
    float | str | tuple[float, ...] | tuple[str, ...] | dict[str, float],
    WrapValidator(_one_line),
]
"""Value of a parameter of a rule; its type and range are those that the rule declares."""


class RuleSpec(Strict):
    """A rule of a therapist: the name of a registered function, and its parameters."""

    rule: str
    """Name of the function."""
    params: dict[str, RuleValue] = Field(default_factory=dict)
    """Parameters of that function."""


class ExerciseRuleSpec(RuleSpec):
    """The rule that chooses what is practised next."""

    rule: Annotated[str, name_of("exercise rule")]
    """Name of a function in ``dmi_sim/therapy/exercise_rules.py``."""


class SiteRuleSpec(RuleSpec):
    """The rule that chooses where hands hold."""

    rule: Annotated[str, name_of("site rule")]
    """Name of a function in ``dmi_sim/therapy/site_rules.py``."""


class FirmnessRuleSpec(RuleSpec):
    """The rule that chooses how firmly hands hold."""

    rule: Annotated[str, name_of("firmness rule")]
    """Name of a function in ``dmi_sim/therapy/firmness_rules.py``."""


class ProvocationRuleSpec(RuleSpec):
    """The rule that chooses how balance is provoked."""

    rule: Annotated[str, name_of("provocation rule")]
    """Name of a function in ``dmi_sim/therapy/provocation_rules.py``."""


class StretchRuleSpec(RuleSpec):
    """The rule that says how muscles are stretched in a session."""

    rule: Annotated[str, name_of("stretch rule")]
    """Name of a function in ``dmi_sim/therapy/stretch_rules.py``."""


class RenderedSpec(Strict):
    """Words of a source that a programme renders."""

    words: str
    """What the source says, shortened."""
    said_by: str
    """Who says so, in words."""
    source: str | None = None
    """Key in ``models/references.yaml``; without one nothing was published."""
    by: Annotated[tuple[str, ...], Field(min_length=1)]
    """Fields of the programme that render it, such as ``site``."""


class BackgroundSpec(Strict):
    """What a programme rests on."""

    rendered: tuple[RenderedSpec, ...] = ()
    """Words of sources, and the fields that render them."""
    assumed: Annotated[tuple[str, ...], Field(min_length=1)]
    """What no source says, one sentence for each."""


class PauseSpec(Strict):
    """Weeks without a therapist; free play goes on."""

    from_week: Week
    """First week of the pause."""
    to_week: Week
    """Last week of the pause."""

    @model_validator(mode="after")
    def _goes_forward(self) -> Self:
        if self.to_week < self.from_week:
            raise ValueError(f"to_week: {self.to_week} is before from_week {self.from_week}")
        return self


class FreePlaySpec(Strict):
    """What a child practises on its own from an age on, in nobody's hands."""

    from_months: Months
    """Age from which this holds [months]."""
    minutes_a_day: DayMinutes
    """Time in which the child practises [min]."""
    shares: Shares
    """How this time is shared by exercises."""


class TimetableSpec(Strict):
    """When a therapist comes, and what a child does between the sessions.

    Raises:
        ValueError: If the child would outgrow the model, a pause lies outside the weeks, or the
            ages of free play do not rise from 0.
    """

    age_months: Months
    """Age of the child at the start [months]."""
    weeks: Annotated[int, Field(ge=1, le=104)]
    """Length of the programme [weeks]."""
    sessions_a_week: Annotated[int, Field(ge=0, le=21)]
    """Sessions, spread over the seven days; with none of them nobody comes."""
    minutes_a_session: Annotated[float, Field(gt=0, le=480)] = 45.0
    """Length of a session [min], rests and stretching included."""
    pauses: tuple[PauseSpec, ...] = ()
    """Weeks without a therapist."""
    free_play: tuple[FreePlaySpec, ...] = ()
    """What the child practises on its own, by age; without an entry nothing."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        problems = tuple(self._problems())
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> Iterator[str]:
        end_months = self.age_months + self.weeks / WEEKS_PER_MONTH
        if end_months > _OLDEST_MONTHS:
            most = int((_OLDEST_MONTHS - self.age_months) * WEEKS_PER_MONTH)
            yield f"weeks: the child would be {end_months:.1f} months old; at most {most}"
        for number, pause in enumerate(self.pauses):
            if pause.to_week >= self.weeks:
                yield f"pauses[{number}]: to_week {pause.to_week}; the last is {self.weeks - 1}"
        ages = [one.from_months for one in self.free_play]
        if ages and (ages[0] > self.age_months or ages != sorted(set(ages))):
            yield "free_play: `from_months` must rise, from the age at the start or below"

    def is_pause(self, week: int) -> bool:
        """Whether nobody comes in a week, because of a pause."""
        return any(one.from_week <= week <= one.to_week for one in self.pauses)


class ProgrammeSpec(Spec):
    """A programme of therapy: rules, timetable, and what they rest on.

    Rules see what a therapist sees and nothing else. None of them can reward a site.
    """

    folder: ClassVar[str] = "models/programmes"

    title: str
    """Title in the words of a therapist."""
    background: BackgroundSpec
    """Which words of which source it renders, and what is assumed."""
    exercise: ExerciseRuleSpec
    """What is practised next, once the repetitions of an order are over."""
    site: SiteRuleSpec
    """Where hands hold, trial by trial."""
    firmness: FirmnessRuleSpec
    """How firmly they hold, trial by trial."""
    provocation: ProvocationRuleSpec
    """How balance is provoked, trial by trial."""
    stretch: StretchRuleSpec
    """How muscles are stretched in a session."""
    repetitions: Annotated[int, Field(ge=1, le=1000)]
    """Trials of an exercise before the next one is chosen."""
    rest_s: Annotated[float, Field(ge=0, le=600)] = 0.0
    """Rest after each trial [s]."""
    leaves_out: tuple[str, ...] = ()
    """Exercises that rules never choose, although they are known."""
    timetable: TimetableSpec
    """When the therapist comes."""

    @model_validator(mode="after")
    def _words_are_rendered_by_fields(self) -> Self:
        known = type(self).model_fields
        for number, one in enumerate(self.background.rendered):
            for field in one.by:
                if field not in known:
                    place = f"background.rendered[{number}].by"
                    raise ValueError(f"{place}: no field '{field}'; {did_you_mean(field, known)}")
        return self

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Names of exercises that do not exist."""
        for name in self.leaves_out:
            yield from unknown_name(catalog, ExerciseSpec, "leaves_out", name)
        for number, one in enumerate(self.timetable.free_play):
            for name in one.shares:
                place = f"timetable.free_play[{number}].shares"
                yield from unknown_name(catalog, ExerciseSpec, place, name)
