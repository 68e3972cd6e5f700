"""A child: it grows from week to week, and practises what its programme says."""

from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from pathlib import Path
from typing import Self, TypeVar

from dmi_sim.body.growth import Sex
from dmi_sim.catalog import Catalog
from dmi_sim.child.assessment import Assessment, assessed
from dmi_sim.child.brain import Brain
from dmi_sim.child.description import ChildSpec
from dmi_sim.child.diary import Diary, SessionEntry
from dmi_sim.child.files import read_mark, read_state, write_child
from dmi_sim.child.practice import trial_seed
from dmi_sim.child.programme import FREE_PLAY, Programme, programme_again, programme_of
from dmi_sim.child.rooms import Rooms
from dmi_sim.child.state import ChildState, after_pause, after_session, known_to_therapist
from dmi_sim.child.watched import WatchedTrial, watched_session
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant, who
from dmi_sim.spec.adaptation import AdaptationSpec
from dmi_sim.spec.base import Spec
from dmi_sim.spec.brain import BrainSpec
from dmi_sim.spec.plasticity import PlasticitySpec
from dmi_sim.spec.programme import ProgrammeSpec
from dmi_sim.spec.programme_study import SHIPPED_PARTS, AssessmentPart
from dmi_sim.training.bundle import POLICY, read_bundle_manifest
from dmi_sim.training.library import PolicySource, policy_folder
from dmi_sim.training.policy import NumpyPolicy

BRAIN = "infant"
"""File in ``models/brains/`` that a child learns by."""
ADAPTATION = "muscle_length"
"""File in ``models/adaptation/`` by which its muscles adapt."""

_WEEKS_AHEAD = 52
"""Weeks in which a therapist comes, if one comes at all."""

SpecT = TypeVar("SpecT", bound=Spec)
OnSession = Callable[[SessionEntry], None]


class Child:
    """One child: a body that grows, one brain, and a diary of all that it practised.

    It is a pure function of its description: two children of equal description that have come
    equally far are equal, to the bit, however often they were saved and resumed on the way.

    Make one with :meth:`from_spec` or :meth:`resume`.

    Args:
        description: All that decides who it becomes.
        programme: The programme of the description.
        state: How far it has come.
    """

    def __init__(self, description: ChildSpec, programme: Programme, state: ChildState) -> None:
        self._description, self._programme, self._state = description, programme, state

    @classmethod
    def from_spec(
        cls,
        age_months: float | str | None = None,
        seed: int = 0,
        programme: str | ProgrammeSpec | Programme = "dmi",
        *,
        sex: Sex = "female",
        condition: str = "typical",
        severity: float | str = 0.5,
        condition_options: Mapping[str, object] | None = None,
        length_z: float = 0.0,
        weight_z: float = 0.0,
        begins_with: PolicySource | None = None,
        brain: str | BrainSpec = BRAIN,
        fibre_lengths: Mapping[str, float] | None = None,
        adaptation: str | AdaptationSpec | None = ADAPTATION,
        plasticity: str | PlasticitySpec | None = None,
    ) -> Self:
        """A child before its first session.

        Args:
            age_months: Age since birth [months], also as ``"6 weeks"``; that of the timetable by
                default.
            seed: Seed of all that is drawn at random, at least 0.
            programme: Name of a file in ``models/programmes/``, the content of one, or a therapist
                and a timetable of one's own.
            sex: ``female`` or ``male``.
            condition: Name of a file in ``models/conditions/``.
            severity: Severity of the condition, 0 to 1.
            condition_options: Options of the condition.
            length_z: Standard score of length, -5 to 5, which it keeps.
            weight_z: Standard score of weight, -5 to 5, which it keeps.
            begins_with: Name or folder of the policy that an experienced child begins with.
            brain: Name of a file in ``models/brains/``, or the content of one.
            fibre_lengths: Optimal fibre length of muscles over what the body gives, by muscle; it
                keeps them, and adapts from there.
            adaptation: Name of a file in ``models/adaptation/``, or the content of one; None for
                muscles that do not adapt.
            plasticity: Name of a file in ``models/plasticity/``, or the content of one; None, the
                default, for a brain that does nothing but learn.

        Raises:
            InputError: If a name is unknown, a value out of range, or the policy does not fit.

        >>> child = Child.from_spec(age_months=6, seed=1, programme="dmi")
        >>> child.age_months, len(child.diary), child == Child.from_spec(6, 1, "dmi")
        (6.0, 0, True)
        """
        if not isinstance(programme, Programme):
            programme = programme_of(programme)
        age = programme.age_months if age_months is None else age_months
        infant = Infant.from_spec(
            age,
            sex,
            condition,
            severity,
            condition_options,
            length_z=length_z,
            weight_z=weight_z,
            fibre_lengths=fibre_lengths,
        )
        if seed < 0:
            raise InputError(f"seed: {seed} is below 0")
        spec = _read(BrainSpec, brain)
        bundle = None if begins_with is None else policy_folder(begins_with)
        description = ChildSpec(
            **who(infant),
            seed=seed,
            programme=programme.content,
            brain=spec,
            adaptation=None if adaptation is None else _read(AdaptationSpec, adaptation),
            plasticity=None if plasticity is None else _read(PlasticitySpec, plasticity),
            begins_with_sha256=None if bundle is None else _policy_sha256(bundle),
        )
        first = _first_brain(description, bundle)
        therapist = programme.therapist.begin(description.age_months, seed)
        return cls(description, programme, ChildState(first, therapist))

    @classmethod
    def resume(cls, folder: str | Path, programme: Programme | None = None) -> Self:
        """The child that was saved in a folder.

        Args:
            folder: Folder of the child.
            programme: Its therapist and timetable, if they are one's own.

        Raises:
            InputError: If no whole child is there, or the programme is not its own.
        """
        mark = read_mark(Path(folder))
        found = programme or programme_again(mark.description.programme)
        if found.content != mark.description.programme:
            raise InputError(f"{folder}: programme: not the one that the child has practised in")
        return cls(mark.description, found, read_state(Path(folder), mark, found))

    def run(
        self,
        weeks: int = 1,
        folder: str | Path | None = None,
        on_session: OnSession | None = None,
    ) -> None:
        """Live on for some weeks; the rest of a week that has begun is the first of them.

        Whatever interrupts a session leaves the child as it was before that session.

        Args:
            weeks: Number of weeks, at least 1.
            folder: Folder into which the child is saved after each session; None for none.
            on_session: Called after each session with what was practised.

        Raises:
            InputError: If the child would outgrow the model, or the folder holds something else.
        """
        self._description.require_weeks(weeks, self.week)
        until = self.week + weeks
        if folder is not None:
            self.save(folder)
        while self.week < until:
            with closing(self._rooms()) as rooms:
                self._run_week(rooms, folder, on_session or _no_report)

    def _run_week(self, rooms: Rooms, folder: str | Path | None, on_session: OnSession) -> None:
        week = self.week
        while self.week == week:
            before = len(self.diary)
            self._state = after_session(self._state, self._description, self._programme, rooms)
            if folder is not None:
                self.save(folder)
            for entry in self.diary.sessions[before:]:
                on_session(entry)

    def save(self, folder: str | Path) -> Path:
        """Write the child into a folder of its own.

        Args:
            folder: Folder, made if needed; it may hold this child as it was before.

        Returns:
            The file that was written last.

        Raises:
            InputError: If the folder holds something else, or another child.
        """
        return write_child(Path(folder), self._description, self._state)

    def assess(
        self,
        trials: int | None = None,
        pause_weeks: int = 0,
        parts: Collection[AssessmentPart] = SHIPPED_PARTS,
    ) -> Assessment:
        """What it can do alone; nothing of the child changes.

        Args:
            trials: Trials of each exercise; as many as the assessment asks for by default.
            pause_weeks: Weeks from now in which it would grow, and neither practise nor play.
            parts: What it is assessed in besides the exercises: ``ranges`` of motion, ``segmental``
                level of trunk control, postural ``responses``; the last two take a minute or more.

        Raises:
            InputError: If it would outgrow the model in the pause.
        """
        if pause_weeks:
            self._description.require_weeks(pause_weeks, self.week)
        state = after_pause(self._state, self._description, pause_weeks)
        with closing(self._rooms(state)) as rooms:
            policy, age_months = state.brain.policy(rooms), self._description.age_in(state.week)
            return assessed(policy, rooms, age_months, state.week, trials, parts=parts)

    def watch(self, trials: int) -> tuple[WatchedTrial, ...]:
        """The first trials of a session with its therapist, if it came now.

        The child does what it has learnt, without exploring; nothing of it changes.

        Args:
            trials: Number of trials, at least 1.

        Raises:
            InputError: If there are no trials, or no therapist comes in its programme.
        """
        if trials < 1:
            raise InputError(f"trials: {trials} is below 1")
        programme, age = self._programme, self.age_months
        weeks = range(self.week + _WEEKS_AHEAD)  # the first ones may be a pause
        of_weeks = (programme.sessions(self._description.age_months, week) for week in weeks)
        if all(one.kind == FREE_PLAY for sessions in of_weeks for one in sessions):
            raise InputError("programme: no therapist comes, so there is no session to watch")
        known = known_to_therapist(self._state, self._description, programme, age)
        number, seed = len(self.diary), self._description.seed
        seeds = (trial_seed(seed, number, one) for one in range(trials))
        with closing(self._rooms()) as rooms:
            policy = self.brain.policy(rooms)
            return tuple(watched_session(programme.therapist, known, policy, rooms, age, seeds))

    def _rooms(self, state: ChildState | None = None) -> Rooms:
        """Rooms of its body, in the present state by default."""
        now = state or self._state
        return Rooms(self._description.body(now.week, now.muscles.by_name))

    def __eq__(self, other: object) -> bool:
        """Whether two children are the same in all numbers."""
        return isinstance(other, Child) and (
            (self._description, self._state) == (other._description, other._state)
        )

    __hash__ = None  # type: ignore[assignment] - a child changes as it lives

    def __repr__(self) -> str:
        """Who it is, and how far it has come."""
        told = self._description
        return (
            f"<Child of {self.age_months:.1f} months, {told.condition}, seed {told.seed}: "
            f"week {self.week}, {len(self.diary)} sessions, {self.diary.practice_hours:.1f} h>"
        )

    @property
    def description(self) -> ChildSpec:
        """All that decides who it becomes."""
        return self._description

    @property
    def week(self) -> int:
        """Week of the programme, from 0."""
        return self._state.week

    @property
    def week_has_begun(self) -> bool:
        """Whether a session of this week is over."""
        return self._state.session > 0

    @property
    def age_months(self) -> float:
        """Age in this week [months]."""
        return self._description.age_in(self.week)

    @property
    def infant(self) -> Infant:
        """Its body in this week."""
        return self._description.infant(self.week, self._state.muscles.by_name)

    @property
    def diary(self) -> Diary:
        """All that it practised, session by session."""
        return self._state.diary

    @property
    def brain(self) -> Brain:
        """What it has learnt."""
        return self._state.brain

    @property
    def therapist(self) -> object:
        """What the therapist knows of it."""
        return self._state.therapist

    @property
    def policy(self) -> NumpyPolicy:
        """What it would do now, without exploration; it acts in any exercise of the repertoire."""
        with closing(self._rooms()) as rooms:
            return self.brain.policy(rooms)


def _read(kind: type[SpecT], given: str | SpecT) -> SpecT:
    """The file of a name, or what was given in place of one."""
    return Catalog.shipped().load(kind, given) if isinstance(given, str) else given


def _first_brain(description: ChildSpec, bundle: Path | None) -> Brain:
    """The brain before the first session."""
    with closing(Rooms(description.body(week=0))) as rooms:
        brain = (
            Brain.untrained(description.brain, rooms, description.seed)
            if bundle is None
            else Brain.of_policy(description.brain, rooms, description.seed, bundle)
        )
    return brain if description.plasticity is None else brain.anchored()


def _policy_sha256(bundle: Path) -> str:
    return read_bundle_manifest(bundle).files_sha256[POLICY]


def _no_report(_entry: SessionEntry) -> None:
    """Report nothing."""
