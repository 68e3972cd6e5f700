"""Support schedules: what hands do over an episode and over practice.

A schedule says where hands hold and how firmly. Both may change: the site after a share of
successes, the firmness with time, with practice, with competence or with need. It may have a name
of its own, as a file in `models/supports/schedules/`. Nothing here rewards a site, and no rule
looks at which site it is.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from dmi_sim.errors import did_you_mean
from dmi_sim.spec.base import FileIndex, Fraction, Positive, Spec, Strict, unknown_name
from dmi_sim.spec.support import SupportMotionSpec, SupportSpec

LastEpisodes = Annotated[int, Field(ge=1, le=1000)]
"""A number of episodes, counted back from the last."""


class SuccessShare(Strict):
    """A share of successes among the last episodes at a site."""

    success: Fraction
    """Share of episodes that succeeded."""
    of_last: LastEpisodes = 20
    """Number of episodes of which the share is taken; there must have been so many at the site."""


From = Annotated[Fraction, Field(alias="from")]
"""Firmness at the beginning; ``from`` is a word of Python, so the attribute is ``start``."""


class FadingByTime(Strict, serialize_by_alias=True):
    """Firmness that changes within an episode, steadily."""

    by: Literal["time"]
    start: From
    """Firmness at the beginning."""
    to: Fraction
    """Firmness at the end."""
    after_s: float = Field(default=0.0, ge=0, le=3600)
    """Time for which the hands hold as at the beginning [s]."""
    over_s: float = Field(gt=0, le=3600)
    """Time that the change takes [s]."""


class FadingByDose(Strict, serialize_by_alias=True):
    """Firmness that changes with hours of practice, steadily; the same all through an episode."""

    by: Literal["dose"]
    start: From
    """Firmness at the beginning."""
    to: Fraction
    """Firmness after the practice."""
    over_h: Positive | None = None
    """Practice that the change takes [h]."""
    over_share: Annotated[float, Field(gt=0, le=1)] | None = None
    """The same as a share of all practice that is planned; 1 if neither is given."""

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if self.over_h is not None and self.over_share is not None:
            raise ValueError("give `over_h` or `over_share`, not both")
        return self


class FadingByCompetence(Strict, serialize_by_alias=True):
    """Firmness that follows the share of successes among the last episodes at the site.

    At the share p it is ``from + p (to - from)``. Episodes that are yet to come count as failures,
    so that one early success does not take the hands away.
    """

    by: Literal["competence"]
    start: From
    """Firmness at the beginning."""
    to: Fraction
    """Firmness when all of the last episodes succeeded."""
    of_last: LastEpisodes | None = None
    """Number of episodes of which the share is taken; that of ``move_after``, or else 20."""


def _require_start(start: float, at_most: float) -> None:
    if start > at_most:
        raise ValueError(f"from: {start:g} is above at_most {at_most:g}")


class FirmnessByNeed(Strict, serialize_by_alias=True):
    """Assistance as needed: firmness grows with error and is forgotten from episode to episode.

    After each episode the firmness R becomes ``forgetting R + gain e``, at most ``at_most``, with
    the error e of that episode: the share of the exercise that was not completed. Steady error e
    leads to ``gain e / (1 - forgetting)``, no error to none. Hands must forget faster than the
    child does, or else the child slackens and leaves the work to them; with 0.8 half of the
    firmness is gone in three episodes, fast beside the hundreds in which a policy changes.

    Source:
        Emken, Benitez and Reinkensmeyer (2007), J. NeuroEng. Rehabil. 4, 8; ``emken2007``. The
        principle was read, the equation is recalled; both parameters are assumed.
    """

    by: Literal["need"]
    start: From
    """Firmness at the beginning."""
    gain: Annotated[float, Field(ge=0, le=1)] = 0.2
    """Firmness added for an episode of which nothing was completed."""
    forgetting: Annotated[float, Field(ge=0, lt=1)] = 0.8
    """Share of the firmness that is kept from one episode to the next."""
    at_most: Fraction = 1.0
    """Largest firmness."""

    @model_validator(mode="after")
    def _starts_below_the_largest(self) -> Self:
        _require_start(self.start, self.at_most)
        return self


class FirmnessByFalls(Strict, serialize_by_alias=True):
    """A weighted staircase: firmness falls after each episode without a fall, and rises after one.

    It settles where the share of episodes that end in a fall is ``down / (up + down)``; with the
    usual steps, a third. So hands go away as fast as balance is learnt, and no faster, whatever
    success asks for besides.

    Source:
        Kaernbach (1991), Perception & Psychophysics 49, 227-229, who finds a threshold so;
        ``kaernbach1991``. Recalled; both steps are assumed.
    """

    by: Literal["falls"]
    start: From
    """Firmness at the beginning."""
    down: Annotated[float, Field(gt=0, le=1)] = 0.004
    """Firmness taken away after an episode without a fall."""
    up: Annotated[float, Field(gt=0, le=1)] = 0.008
    """Firmness added after an episode that ended in a fall."""
    at_most: Fraction = 1.0
    """Largest firmness."""

    @model_validator(mode="after")
    def _starts_below_the_largest(self) -> Self:
        _require_start(self.start, self.at_most)
        return self


_RULES = ("time", "dose", "competence", "need", "falls")


def _known_form(value: Any) -> Any:
    """The value, if its form tells which rule it follows."""
    if not isinstance(value, Mapping):
        return value
    by: object = value.get("by")
    if by is None:
        raise ValueError(f"by: this key is missing; one of {', '.join(_RULES)}")
    if by not in _RULES:
        raise ValueError(f"by: no {by!r}; {did_you_mean(str(by), _RULES)}")
    return value


def _rule(value: Any) -> str:
    """The tag of a firmness in its union; a tag in brackets is left out of messages."""
    by = value.get("by") if isinstance(value, Mapping) else getattr(value, "by", None)
    return "(number)" if by is None else f"({by})"


Firmness: TypeAlias = Annotated[
    Annotated[Fraction, Tag("(number)")]
    | Annotated[FadingByTime, Tag("(time)")]
    | Annotated[FadingByDose, Tag("(dose)")]
    | Annotated[FadingByCompetence, Tag("(competence)")]
    | Annotated[FirmnessByNeed, Tag("(need)")]
    | Annotated[FirmnessByFalls, Tag("(falls)")],
    Discriminator(_rule),
    BeforeValidator(_known_form),
]
"""Firmness of the hands, 0 to 1: a number, or a rule by which it changes."""


def _as_row(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class SupportSchedule(Strict):
    """What hands do over an episode and over practice: where they hold, how firmly, how they move.

    A site alone is the simplest schedule: the same hands, always.

    >>> SupportSchedule(site="pelvis").site
    ('pelvis',)
    """

    site: Annotated[tuple[str, ...], BeforeValidator(_as_row), Field(min_length=1)]
    """Site of the hands, a file in ``models/supports``; or several, one after another."""
    move_after: SuccessShare | None = None
    """Least share of successes after which the hands move on to the next site."""
    move_back_after: SuccessShare | None = None
    """Largest share of successes after which the hands move back to the site before."""
    firmness: Firmness = 1.0
    """Firmness of the hands; what else is called support strength multiplies it."""
    motion: SupportMotionSpec | None = None
    """Motion of the hands in place of the one that exercise or site give."""

    @model_validator(mode="after")
    def _moves_make_sense(self) -> Self:
        problems = tuple(self._problems_of_moving())
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _problems_of_moving(self) -> Iterator[str]:
        ahead, back = self.move_after, self.move_back_after
        if len(set(self.site)) < len(self.site):
            yield f"site: names one twice ({', '.join(self.site)})"
        if len(self.site) > 1 and ahead is None:
            yield "move_after: this key is missing; it says when hands leave the first site"
        for field, rule in (("move_after", ahead), ("move_back_after", back)):
            if rule is not None and len(self.site) == 1:
                yield f"{field}: there is one site only ({self.site[0]})"
        if ahead and back and back.success >= ahead.success:
            yield f"move_back_after: success must be below the {ahead.success:g} of move_after"

    @property
    def is_constant(self) -> bool:
        """Whether hands hold the same way in every episode and all through it."""
        return len(self.site) == 1 and isinstance(self.firmness, float)

    @property
    def changes_with_practice(self) -> bool:
        """Whether one episode differs from another."""
        return len(self.site) > 1 or not isinstance(self.firmness, float | FadingByTime)

    def problems(self, catalog: FileIndex, field: str) -> Iterator[str]:
        """Sites that are no file in ``models/supports``, one line each, for a field of a file."""
        for name in self.site:
            yield from unknown_name(catalog, SupportSpec, f"{field}.site", name)


class SupportScheduleFile(Spec):
    """A schedule with a name, which stands wherever a site may stand."""

    folder: ClassVar[str] = "models/supports/schedules"

    title: str
    """Title in the words of a therapist."""
    support: SupportSchedule
    """The schedule."""

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Names of sites that do not exist."""
        yield from self.support.problems(catalog, "support")


def _form(value: Any) -> str:
    return "(name)" if isinstance(value, str) else "(schedule)"


SupportChoice: TypeAlias = Annotated[
    Annotated[str, Tag("(name)")] | Annotated[SupportSchedule, Tag("(schedule)")],
    Discriminator(_form),
]
"""The name of a site or of a schedule file, or a schedule."""


def unknown_support(catalog: FileIndex, field: str, choice: str | SupportSchedule) -> Iterator[str]:
    """The problems of a field that names supports which do not exist, one line each."""
    if isinstance(choice, SupportSchedule):
        yield from choice.problems(catalog, field)
    elif choice not in catalog.names(SupportScheduleFile):
        yield from unknown_name(catalog, SupportSpec, field, choice)
