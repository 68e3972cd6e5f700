"""A simulated infant in a therapist's hands: posture under gravity, birth to 24 months.

Importing registers one Gymnasium environment for each file in ``envs/``, such as
``DMI/Sitting-v0``; nothing is parsed or simulated until it is used. Simulation for education and
hypothesis generation; not clinical evidence and not for decisions about a child.
"""

from typing import TYPE_CHECKING, Any

from dmi_sim.env.registry import register
from dmi_sim.names import conditions, environments, exercises, support_sites

if TYPE_CHECKING:
    from dmi_sim.infant import Infant as Infant

__all__ = ["Infant", "conditions", "environments", "support_sites"]


register(exercises())


def __getattr__(name: str) -> Any:
    """Load :class:`Infant` when it is first asked for, so that listing stays quick."""
    if name == "Infant":
        from dmi_sim.infant import Infant

        return Infant
    raise AttributeError(f"module 'dmi_sim' has no attribute '{name}'")
