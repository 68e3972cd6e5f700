"""What each number of an observation and of an action is: name, axis, unit, scale, delay, noise."""

from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import AXES
from dmi_sim.env.infant_setup import InfantSetup
from dmi_sim.env.observations import OBSERVATIONS
from dmi_sim.env.sensing import OBSERVATION_LIMIT


@dataclass(frozen=True)
class Row:
    """One number of an observation or an action.

    Attributes:
        kind: ``observation`` or ``action``.
        name: Its name in ``observation_names`` or ``action_names``.
        axis: What it is about: an anatomical axis, a segment, a direction, an action.
        unit: Unit of the physical quantity; ``1`` for a plain number.
        scale: Number per unit: scale times the physical value is the number.
        delay_s: Age of the quantity when it is told, in whole physics steps [s].
        noise_sd: Standard deviation of its noise, in the number's own scale.
        low: Smallest value; what is below is told as this.
        high: Largest value.
    """

    kind: str
    name: str
    axis: str
    unit: str
    scale: float
    delay_s: float
    noise_sd: float
    low: float
    high: float


def describe(setup: InfantSetup) -> tuple[Row, ...]:
    """One row for each number of an observation, then one for each number of an action."""
    return (*_observations(setup), *_actions(setup))


def _observations(setup: InfantSetup) -> list[Row]:
    rows: list[Row] = []
    noise_sd, names = setup.senses.noise_sd.tolist(), setup.senses.names
    joints = tuple(AXES[i].label for i in setup.build.actuated)
    for name in setup.build.spec.observations:
        term = OBSERVATIONS[name]
        axes, scale = term.axis_names(joints, setup.actions.names), term.per_unit(setup.length_m)
        for axis, delay_s in zip(axes, _delays_s(name, setup, len(axes)), strict=True):
            number = len(rows)
            limits = (-OBSERVATION_LIMIT, OBSERVATION_LIMIT)
            told = (names[number], axis, term.unit, scale, delay_s, noise_sd[number])
            rows.append(Row("observation", *told, *limits))
    return rows


def _actions(setup: InfantSetup) -> list[Row]:
    spec, actions = setup.build.spec, setup.actions
    rows: list[Row] = []
    for name in actions.names:
        synergy = spec.synergies.get(name) if setup.build.config.action_mode == "posture" else None
        axis = ", ".join(synergy.axes) if synergy else name
        unit, scale = ("deg", 1 / synergy.range_deg) if synergy else ("1", 1.0)
        rows.append(Row("action", name, axis, unit, scale, 0.0, 0.0, actions.low, actions.high))
    return rows


def _delays_s(name: str, setup: InfantSetup, count: int) -> list[float]:
    """The delay of each number [s]."""
    nervous, spec = setup.build.infant.nervous, setup.build.spec
    if name in ("actuated_angles", "actuated_rates"):
        delays = np.array(nervous.proprioceptive_delay_s)[setup.build.actuated]
    elif OBSERVATIONS[name].is_delayed:
        delays = np.full(count, nervous.central_delay_s)
    else:
        delays = np.zeros(count)
        if name == "last_actions":
            delays[count // 2 :] = 1 / spec.control_hz
            return delays.tolist()
    return (np.round(delays * spec.physics_hz) / spec.physics_hz).tolist()
