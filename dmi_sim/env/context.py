"""What reward and sense terms may look at: the state, the start, the commands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import Parameter, signature

from dmi_sim.arrays import Index, Vector
from dmi_sim.errors import did_you_mean
from dmi_sim.physics.state import State


@dataclass(frozen=True)
class StepContext:
    """One control step as a term sees it.

    Attributes:
        state: Of the world now.
        start: Of the world when the episode began.
        action: MotorCommand of this step, shape (n_actions,).
        last_action: MotorCommand of the step before.
        joints: Angles [rad] and rates [rad/s] of all joints as late as they are felt, (2, 34).
        contact_force: Force of the floor on each segment over body weight, shape (15,).
        actuated: Indices of the axes that the exercise moves.
        body_length_m: Of the infant [m].
        has_fallen: Whether the episode ends with a fall here.
        cpg_phase_rad: Phase of the pattern generator [rad]; 0 if there is none.
    """

    state: State
    start: State
    action: Vector
    last_action: Vector
    joints: Vector
    contact_force: Vector
    actuated: Index
    body_length_m: float
    has_fallen: bool = False
    cpg_phase_rad: float = 0.0


def unknown_params(function: Callable[..., object], params: Mapping[str, float]) -> str:
    """Why parameters do not fit a term's signature; empty if they do."""
    keywords = {
        name: parameter
        for name, parameter in signature(function).parameters.items()
        if parameter.kind is Parameter.KEYWORD_ONLY
    }
    for name in params:
        if name not in keywords:
            return f"unknown parameter '{name}'; {did_you_mean(name, keywords)}"
    for name, parameter in keywords.items():
        if parameter.default is Parameter.empty and name not in params:
            return f"parameter '{name}' is missing"
    return ""
