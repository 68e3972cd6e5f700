"""A programme as a child meets it: somebody who orders trials, and when."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from pydantic import JsonValue, ValidationError

from dmi_sim.catalog import Catalog
from dmi_sim.catalog.messages import explain
from dmi_sim.errors import InputError
from dmi_sim.spec.base import Strict
from dmi_sim.spec.programme import ProgrammeSpec, TimetableSpec
from dmi_sim.therapy.programmes import therapist_of
from dmi_sim.therapy.stretch_rules import Stretch
from dmi_sim.therapy.timetable import Session, sessions
from dmi_sim.therapy.trial import Trial, TrialRecord

FREE_PLAY = "free_play"
"""Kind of a session without a therapist."""


class SessionLike(Protocol):
    """A time in which a child practises."""

    @property
    def kind(self) -> str:
        """``therapy`` or ``free_play``."""
        ...

    @property
    def minutes(self) -> float:
        """Length [min]."""
        ...

    @property
    def shares(self) -> tuple[tuple[str, float], ...]:
        """Share of the time that each exercise has in free play; none with a therapist."""
        ...


class TherapistLike(Protocol):
    """Somebody who orders trials and sees what came of them, and nothing else."""

    def begin(self, age_months: float, seed: int) -> Any:
        """What is known of a child before the first trial, a :class:`~dmi_sim.spec.base.Strict`."""
        ...

    def order(self, state: Any) -> Trial:
        """The next trial; the same one for the same state."""
        ...

    def see(self, state: Any, record: TrialRecord) -> Any:
        """What is known of the child after one more trial."""
        ...


def _no_stretching(minutes: float) -> Stretch:
    return Stretch(minutes)


@dataclass(frozen=True, eq=False)
class Programme:
    """A therapist and a timetable.

    Attributes:
        content: All that they are built from, as it is written to a file; it may be JSON only.
        therapist: Who orders trials in therapy.
        sessions: Gives the sessions of a week, in order, for the age of the child at the start and
            the number of the week.
        stretch: Gives how stretching and practice share a session of so many minutes.
        rest_s: Rest after each trial in therapy [s].
        age_months: Age of a child at the start, unless told otherwise [months].
    """

    content: dict[str, JsonValue]
    therapist: TherapistLike
    sessions: Callable[[float, int], Sequence[SessionLike]]
    stretch: Callable[[float], Stretch] = _no_stretching
    rest_s: float = 0.0
    age_months: float = 6.0

    def read_state(self, text: str) -> Strict:
        """What the therapist knows of a child, from JSON.

        Args:
            text: What ``model_dump_json`` of such a state gave.
        """
        return type(self.therapist.begin(0.0, 0)).model_validate_json(text)


def programme_of(programme: str | ProgrammeSpec, catalog: Catalog | None = None) -> Programme:
    """A programme of a therapist.

    Args:
        programme: Name of a file in ``models/programmes/``, or the content of one.
        catalog: Catalog with programmes and exercises; the shipped one by default.

    Raises:
        InputError: If something is wrong with the programme, one line per problem.

    >>> programme = programme_of("hands_off")
    >>> {one.kind for one in programme.sessions(6.0, 0)} <= {"therapy", FREE_PLAY}
    True
    """
    therapist = therapist_of(programme, catalog)
    spec = therapist.programme
    return Programme(
        content=spec.model_dump(mode="json"),
        therapist=therapist,
        sessions=partial(_sessions, spec.timetable),
        stretch=therapist.stretch,
        rest_s=spec.rest_s,
        age_months=spec.timetable.age_months,
    )


def _sessions(timetable: TimetableSpec, age_months: float, week: int) -> tuple[Session, ...]:
    """The sessions of a child whose age at the start may be another than that of the timetable."""
    return sessions(timetable.model_copy(update={"age_months": age_months}), week)


def programme_again(content: Mapping[str, JsonValue], catalog: Catalog | None = None) -> Programme:
    """The programme of a child that was saved.

    Args:
        content: Its content.
        catalog: Catalog with the exercises; the shipped one by default.

    Raises:
        InputError: If this version does not understand it.
    """
    try:
        spec = ProgrammeSpec.model_validate(content)
    except ValidationError as error:
        raise InputError(
            *(f"programme: {line}" for line in explain(ProgrammeSpec, error))
        ) from error
    return programme_of(spec, catalog=catalog)
