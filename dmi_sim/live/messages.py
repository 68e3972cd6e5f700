"""What the page and its server say to each other: one schema, frozen, checked on arrival.

A teacher's messages are one of :data:`TeacherMessage`; each has a ``type`` by which it is known.
Lengths and forces are SI; ``infant`` is ``a``, ``b`` or ``both``.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, model_validator

from dmi_sim.aliases import canonical, months_of, severity_of
from dmi_sim.anatomy import SegmentName
from dmi_sim.body.growth import Sex
from dmi_sim.errors import InputError, shown
from dmi_sim.page.messages import InfantFrame, InfantScene
from dmi_sim.spec.base import Fraction, NonNegative, Strict
from dmi_sim.spec.lesson import ControllerName, LessonWords, Letter, Name, ShownInfant

LONGEST_MESSAGE = 2048
"""Bytes of the longest message that a page may send."""
LARGEST_PULL_N = 25.0
"""Largest pull that the page offers [N]; about what one finger gives."""

Who: TypeAlias = Letter
Whom: TypeAlias = Literal["a", "b", "both"]
Direction: TypeAlias = Literal["forward", "backward", "left", "right"]
Months: TypeAlias = Annotated[float, Field(ge=0, le=24)]
Newton: TypeAlias = Annotated[float, Field(ge=-LARGEST_PULL_N, le=LARGEST_PULL_N)]

BOTH: tuple[Who, Who] = get_args(Who)


def infants_of(whom: Whom) -> tuple[Who, ...]:
    """The infants that are meant.

    >>> infants_of("both")
    ('a', 'b')
    """
    return BOTH if whom == "both" else (whom,)


def _sex_of(word: object) -> object:
    return canonical(word, get_args(Sex))


InfantChoice = ShownInfant
"""Who an infant is, as lessons write it too."""


class Choose(Strict):
    """Change some of what was chosen; whoever is changed begins anew.

    Other words are taken as on the command line: ``6m``, ``mild``, ``girl``; those for exercises,
    conditions and sites are known to the classroom.
    """

    type: Literal["choose"] = "choose"
    infant: Whom = "both"
    exercise: Name | None = None
    age_months: Annotated[Months | None, BeforeValidator(months_of)] = None
    sex: Annotated[Sex | None, BeforeValidator(_sex_of)] = None
    condition: Name | None = None
    severity: Annotated[Fraction | None, BeforeValidator(severity_of)] = None
    controller: ControllerName | None = None
    site: Name | None = None
    firmness: Fraction | None = None
    pushes: bool | None = None

    def changes(self) -> dict[str, object]:
        """The fields of an :class:`InfantChoice` that change."""
        return self.model_dump(exclude={"type", "infant"}, exclude_none=True)


class Hold(Strict):
    """Hands take hold of the infant as it is now."""

    type: Literal["hold"] = "hold"
    infant: Whom = "both"
    site: Name
    firmness: Fraction = 1.0


class LetGo(Strict):
    """All hands let go."""

    type: Literal["let_go"] = "let_go"
    infant: Whom = "both"


class PushNow(Strict):
    """A push of a tenth of a second, the same for whoever gets it."""

    type: Literal["push"] = "push"
    infant: Whom = "both"
    direction: Direction
    speed_m_s: float = Field(default=0.3, ge=0, le=2)
    """Impulse over body mass [m/s]."""


class Pull(Strict):
    """A pull on a segment for half a second, or until the next; without force it ends."""

    type: Literal["pull"] = "pull"
    infant: Whom
    segment: SegmentName
    force_n: tuple[Newton, Newton, Newton] = (0.0, 0.0, 0.0)
    """Force forward, left and up in the room [N]."""

    @model_validator(mode="after")
    def _is_gentle(self) -> "Pull":
        size = sum(part**2 for part in self.force_n) ** 0.5
        if size > LARGEST_PULL_N:
            raise ValueError(f"a pull of {size:.0f} N is above {LARGEST_PULL_N:g} N")
        return self


class Speed(Strict):
    """How fast time passes on the page."""

    type: Literal["speed"] = "speed"
    speed: float = Field(ge=0.1, le=1)
    """Seconds of the simulation in a second."""


class Pause(Strict):
    """Time stands still, or goes on."""

    type: Literal["pause"] = "pause"
    paused: bool


class StepOnce(Strict):
    """Time stands still but for one control step."""

    type: Literal["step"] = "step"


class Reset(Strict):
    """Both infants begin anew from the same start."""

    type: Literal["reset"] = "reset"
    seed: int | None = Field(default=None, ge=0, le=2**31 - 1)
    """Seed of start, noise and pushes; None for the one of the last take."""


TeacherMessage: TypeAlias = (
    Choose | Hold | LetGo | PushNow | Pull | Speed | Pause | StepOnce | Reset
)
_READER: TypeAdapter[TeacherMessage] = TypeAdapter(
    Annotated[TeacherMessage, Field(discriminator="type")]
)


def read_message(text: str | bytes) -> TeacherMessage:
    """A teacher's message from what arrived.

    Raises:
        InputError: If it is too long or no such message.

    >>> read_message('{"type": "let_go", "infant": "a"}')
    LetGo(type='let_go', infant='a')
    """
    if len(text) > LONGEST_MESSAGE:
        raise InputError(f"message: {len(text)} bytes are more than {LONGEST_MESSAGE}")
    try:
        return _READER.validate_json(text)
    except ValidationError as error:
        told = error.errors(include_url=False, include_context=False, include_input=False)
        lines = (f"{_place(one['loc'])}: {shown(one['msg'])}" for one in told[:3])
        raise InputError(*lines) from None


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "message"


class Option(Strict):
    """Something to choose, with the title that its file gives."""

    name: str
    title: str


class ExerciseOption(Option):
    """An exercise to choose."""

    age_months: float
    duration_s: float
    supports: tuple[str, ...]
    has_pushes: bool
    practised: bool
    """Whether the policy of the page practised it."""


class Choices(Strict):
    """All that can be chosen."""

    exercises: tuple[ExerciseOption, ...]
    conditions: tuple[Option, ...]
    sites: tuple[Option, ...]
    """Sites of hands from proximal to distal, and last none."""
    controllers: tuple[ControllerName, ...] = get_args(ControllerName)
    control_hz: int
    """Frames a second [Hz]."""
    policy: str
    """Name of the policy that acts where an infant is practised."""


class Welcome(Strict):
    """The first words of the server: whether this page may drive, and all that can be chosen."""

    type: Literal["welcome"] = "welcome"
    role: Literal["teacher", "follower"]
    choices: Choices


class Setup(Strict):
    """What is chosen now; told anew whenever it changes."""

    type: Literal["setup"] = "setup"
    infants: Mapping[Who, InfantChoice]
    paused: bool
    speed: float
    building: tuple[Who, ...] = ()
    """Infants who are being made, while the old ones move on."""


class Sentence(Strict):
    """A sentence of the words file, and what its gaps are filled with."""

    key: str
    infant: Who | None = None
    numbers: Mapping[str, NonNegative] = {}


class Result(Strict):
    """What a lesson came to in this take, in one of its measures."""

    measure: str
    unit: str
    values: Mapping[Who, float | None]
    """None where the take gives no number."""


class Frame(Strict):
    """Both infants at one control step."""

    type: Literal["frame"] = "frame"
    take: int
    """Number of the take; it rises when both begin anew."""
    step: int
    time_s: float
    infants: Mapping[Who, InfantFrame]
    sentence: Sentence
    results: tuple[Result, ...] = ()
    """What a lesson came to, from the end of its take on."""


class Answer(Strict):
    """What the newest finished run of a study says of two of its arms."""

    study: str
    comes_to: Literal["none", "unknown", "description", "difference", "equivalence", "undecided"]
    """What the comparison comes to, as a report says it; ``none`` if no run is finished here."""
    numbers: Mapping[str, float] = {}
    """Difference in the primary outcome with its interval, and the number of infants."""
    unit: str = ""


class LessonMessage(Strict):
    """A lesson: the page lets nothing move before somebody has guessed."""

    type: Literal["lesson"] = "lesson"
    name: str
    words: Mapping[str, LessonWords]
    duration_s: float
    answer: Answer | None = None


class Refused(Strict):
    """A message that was not carried out, and why."""

    type: Literal["refused"] = "refused"
    problems: tuple[str, ...]


ServerMessage: TypeAlias = Welcome | Setup | InfantScene | Frame | LessonMessage | Refused
