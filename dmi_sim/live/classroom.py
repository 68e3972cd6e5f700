"""Two infants side by side, what a teacher does to them, and time that passes step by step.

No threads and no network: messages in, frames out; :mod:`dmi_sim.live.simulation` lets time pass.
"""

from collections.abc import Callable, Mapping
from functools import singledispatchmethod

from dmi_sim.aliases import canonical
from dmi_sim.errors import InputError
from dmi_sim.live.choices import changed, exercise_options
from dmi_sim.live.infant import Body, LiveInfant, make_body
from dmi_sim.live.measures import results
from dmi_sim.live.messages import (
    BOTH,
    Choose,
    Frame,
    Hold,
    InfantChoice,
    LetGo,
    Pause,
    Pull,
    PushNow,
    Reset,
    Result,
    Setup,
    Speed,
    StepOnce,
    TeacherMessage,
    Who,
    Whom,
    infants_of,
)
from dmi_sim.live.sentence import sentence
from dmi_sim.page.messages import InfantFrame, InfantScene
from dmi_sim.spec.lesson import LessonSpec

LONGEST_TAKE_S = 300.0
"""Time after which both begin anew by themselves [s]; memory of a take would grow for ever."""
TOLD_S = 3.0
"""Time for which it is told that the simulation broke off [s]."""
_SAME_BODY = {"controller", "site", "firmness", "pushes"}
"""Fields of a choice for which no new infant is made."""

Builder = Callable[[Who, InfantChoice], None]
"""Has an infant made, which :meth:`Classroom.place` puts down when it is ready."""


OPENING: Mapping[Who, InfantChoice] = {
    "a": InfantChoice(site="lower_ribs", pushes=True),
    "b": InfantChoice(site="pelvis", pushes=True),
}
"""What is seen when the page opens: the same child, whose hands hold at two places."""


class Classroom:
    """Two infants in the hands of a teacher.

    Args:
        opening: What both infants are at first.
        build: Has another infant made in the background; made at once by default.
        seed: Seed of the first take.
        lesson: The lesson that is taught, whose infants and measures are meant then.
        paused: Whether time stands still at first.

    Attributes:
        paused: Whether time stands still.
        speed: Seconds of the simulation in a second.
    """

    def __init__(
        self,
        opening: Mapping[Who, InfantChoice] = OPENING,
        build: Builder | None = None,
        seed: int = 0,
        paused: bool = False,
        lesson: LessonSpec | None = None,
    ) -> None:
        self._build, self._seed = build or self._build_now, seed
        self._lesson = lesson
        self._results: tuple[Result, ...] = ()
        opening = lesson.infants if lesson else opening
        self._exercises = {one.name: one for one in exercise_options()}
        self._infants: dict[Who, LiveInfant] = {
            who: self._put_down(who, make_body(opening[who])) for who in BOTH
        }
        self._building: dict[Who, InfantChoice] = {}
        self._broke_off: Who | None = None
        self.paused, self.speed = paused, 1.0
        self._take, self._step, self._steps_due = 0, 0, 0

    def _put_down(self, who: Who, body: Body) -> LiveInfant:
        return LiveInfant(who, body, self._seed, self._lesson.duration_s if self._lesson else 0.0)

    @property
    def control_hz(self) -> int:
        """Control steps a second [Hz]."""
        return self._infants["a"].control_hz

    def setup(self) -> Setup:
        """What is chosen now, also of infants who are still being made."""
        chosen: dict[Who, InfantChoice] = {who: self._choice(who) for who in BOTH}
        return Setup(
            infants=chosen, paused=self.paused, speed=self.speed, building=tuple(self._building)
        )

    def _choice(self, who: Who) -> InfantChoice:
        return self._building.get(who, self._infants[who].choice)

    def scenes(self) -> tuple[InfantScene, ...]:
        """Bodies and furniture of both."""
        return tuple(self._infants[who].scene() for who in BOTH)

    def frame(self) -> Frame:
        """Both infants as they are now."""
        seen: dict[Who, InfantFrame] = {who: one.frame() for who, one in self._infants.items()}
        time_s = self._infants["a"].time_s
        broke_off = self._broke_off if time_s < TOLD_S else None
        return Frame(
            take=self._take,
            step=self._step,
            time_s=round(time_s, 3),
            infants=seen,
            sentence=sentence(seen, time_s, broke_off),
            results=self._results,
        )

    def advance(self) -> bool:
        """Let one control step pass unless time stands still.

        Returns:
            Whether anything has moved.
        """
        if self.paused and not self._steps_due:
            return False
        self._steps_due = max(0, self._steps_due - 1)
        broken: Who | None = next(
            (who for who, one in self._infants.items() if one.has_broken_off), None
        )
        if broken or self._infants["a"].time_s >= LONGEST_TAKE_S:
            self._begin()
            self._broke_off = broken
        for infant in self._infants.values():
            infant.step()
        self._step += 1
        self._measure()
        return True

    def _measure(self) -> None:
        """Measure both once, when the take of a lesson is over."""
        lesson = self._lesson
        is_over = lesson and self._infants["a"].time_s > lesson.duration_s - 1e-6
        if lesson and is_over and not self._results:
            self._results = results(
                lesson, {who: one.played() for who, one in self._infants.items()}
            )

    def warm_up(self) -> None:
        """Take a step and begin anew: machine code is made at the first step of a machine."""
        for infant in self._infants.values():
            infant.step()
            infant.reset(self._seed)

    def begin(self, seed: int) -> None:
        """Begin a take from another start."""
        self._seed = seed
        self._begin()

    def _begin(self, choices: Mapping[Who, InfantChoice] | None = None) -> None:
        """A new take, both from the same start."""
        for who, infant in self._infants.items():
            infant.reset(self._seed, (choices or {}).get(who))
        self._take, self._step, self._broke_off = self._take + 1, 0, None
        self._results = ()

    def place(self, who: Who, body: Body) -> None:
        """Put down an infant who has been made, in place of the one before, and begin anew.

        One who was asked for before the last one is not put down.
        """
        wanted = self._building.get(who)
        if wanted is None or not _is_same_body(wanted, body.choice):
            body.env.close()
            return
        old, self._infants[who] = self._infants[who], self._put_down(who, body)
        old.close()
        self._infants[who].choice = self._building.pop(who)
        self._begin()

    def forget(self, who: Who, choice: InfantChoice) -> None:
        """Stay with the infant who is there: the other could not be made."""
        if self._building.get(who) == choice:
            del self._building[who]

    def _build_now(self, who: Who, choice: InfantChoice) -> None:
        try:
            self.place(who, make_body(choice))
        except InputError:
            self.forget(who, choice)
            raise

    @singledispatchmethod
    def handle(self, message: TeacherMessage) -> None:
        """Do what a teacher asks.

        Raises:
            InputError: If it cannot be done; nothing has changed then.
        """
        raise NotImplementedError(type(message).__name__)

    @handle.register
    def _(self, message: Choose) -> None:
        wanted: dict[Who, InfantChoice] = {
            who: changed(self._choice(who), message.changes(), self._exercises)
            for who in infants_of(message.infant)
        }
        at_once: dict[Who, InfantChoice] = {}
        for who, choice in wanted.items():
            if who in self._building or not _is_same_body(choice, self._infants[who].choice):
                self._building[who] = choice
                self._build(who, choice)
            else:
                at_once[who] = choice
        if at_once:
            self._begin(at_once)

    @handle.register
    def _(self, message: Hold) -> None:
        for infant in self._meant(message.infant):
            known = self._exercises[infant.choice.exercise].supports
            infant.hold(str(canonical(message.site, known)), message.firmness)

    @handle.register
    def _(self, message: LetGo) -> None:
        for infant in self._meant(message.infant):
            infant.let_go()

    @handle.register
    def _(self, message: PushNow) -> None:
        for infant in self._meant(message.infant):
            infant.push(message.direction, message.speed_m_s)

    @handle.register
    def _(self, message: Pull) -> None:
        for infant in self._meant(message.infant):
            infant.pull(message.segment, message.force_n)

    @handle.register
    def _(self, message: Speed) -> None:
        self.speed = message.speed

    @handle.register
    def _(self, message: Pause) -> None:
        self.paused, self._steps_due = message.paused, 0

    @handle.register
    def _(self, message: StepOnce) -> None:
        self.paused, self._steps_due = True, self._steps_due + 1

    @handle.register
    def _(self, message: Reset) -> None:
        self.begin(self._seed if message.seed is None else message.seed)

    def _meant(self, whom: Whom) -> tuple[LiveInfant, ...]:
        return tuple(self._infants[who] for who in BOTH if whom in (who, "both"))

    def close(self) -> None:
        """Free the physics of both."""
        for infant in self._infants.values():
            infant.close()


def _is_same_body(one: InfantChoice, other: InfantChoice) -> bool:
    return one.model_dump(exclude=_SAME_BODY) == other.model_dump(exclude=_SAME_BODY)
