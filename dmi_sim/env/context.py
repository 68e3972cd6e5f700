"""What terms and observations may look at: the state, the start, the actions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from dmi_sim.anatomy import SEGMENT_INDEX, SegmentName
from dmi_sim.arrays import Index, Vector
from dmi_sim.env.contact_history import ContactHistory
from dmi_sim.env.surface import Surface
from dmi_sim.physics.state import State
from dmi_sim.spec.exercise import N_CUES

TermT = TypeVar("TermT", bound=Callable[..., Any])

_LEFT_FOOT, _RIGHT_FOOT = SEGMENT_INDEX["left_foot"], SEGMENT_INDEX["right_foot"]
_NEED_CONTACT_HISTORY: set[Callable[..., Any]] = set()


def needs_contact_history(function: TermT) -> TermT:
    """Mark a term that reads :attr:`.StepContext.contact_history`, so that an episode keeps one."""
    _NEED_CONTACT_HISTORY.add(function)
    return function


def is_in_need_of_history(function: Callable[..., Any]) -> bool:
    """Whether a term, its parameters set or not, is so marked."""
    return getattr(function, "func", function) in _NEED_CONTACT_HISTORY


@dataclass(frozen=True)
class StepContext:
    """One control step as a term sees it.

    Attributes:
        state: The world now.
        start: The world when the episode began.
        action: Action of this step, smoothed as the repertoire says, shape (n_actions,).
        last_action: The same of the step before, shape (n_actions,).
        joints: Angles [rad] and rates [rad/s] of all joints, as late as proprioception brings them,
            shape (2, 34).
        read_contact_force: Gives :attr:`contact_force`; called only where a term asks for it.
        actuated: Indices of the axes that actions move.
        body_length_m: Body length of the infant [m].
        surface: Surface of the infant.
        history: What it has touched so far; None where no term of the exercise asks for it.
        has_fallen: Whether the episode ends with a fall here.
        cpg_phase_rad: Phase of the pattern generator [rad]; None while it rests.
        cue: What is asked, one place of it 1 and the others 0, shape (24,).
        asked_velocity: Velocity that is asked for, forward and left as the infant faced at the
            start, in body lengths a second, shape (2,).
    """

    state: State
    start: State
    action: Vector
    last_action: Vector
    joints: Vector
    read_contact_force: Callable[[], Vector]
    actuated: Index
    body_length_m: float
    surface: Surface
    history: ContactHistory | None = None
    has_fallen: bool = False
    cpg_phase_rad: float | None = None
    cue: Vector = field(default_factory=lambda: np.zeros(N_CUES))
    asked_velocity: tuple[float, float] = (0.0, 0.0)

    @cached_property
    def contact_force(self) -> Vector:
        """Force of ground and furniture on each segment over body weight, shape (15,)."""
        return self.read_contact_force()

    @cached_property
    def height_m(self) -> Vector:
        """Height of the lowest point of each segment above the floor [m], shape (15,)."""
        return self.surface.height_m(self.state)

    @property
    def contact_history(self) -> ContactHistory:
        """What the infant has touched so far in the episode.

        Raises:
            LookupError: If the term that asks is not marked with :func:`needs_contact_history`.
        """
        if self.history is None:
            raise LookupError("mark the term with @needs_contact_history, so that there is one")
        return self.history


def com_from_feet_m(state: State) -> tuple[float, float]:
    """From the middle of the feet to the centre of mass, world x and y [m]."""
    pos, com = state.segment_pos_world, state.com_m
    middle_x = (pos.item(_LEFT_FOOT, 0) + pos.item(_RIGHT_FOOT, 0)) / 2
    middle_y = (pos.item(_LEFT_FOOT, 1) + pos.item(_RIGHT_FOOT, 1)) / 2
    return com.item(0) - middle_x, com.item(1) - middle_y


def segment_height_m(state: State, segment: SegmentName) -> float:
    """Height of a segment [m]: of the head its centre of mass, of others their proximal joint."""
    if segment == "head":
        return state.head_height_m
    return float(state.segment_pos_world[SEGMENT_INDEX[segment], 2])


def segment_heights_m(context: StepContext, segment: SegmentName) -> tuple[float, float]:
    """Height of a segment now and at the start [m]."""
    return segment_height_m(context.state, segment), segment_height_m(context.start, segment)
