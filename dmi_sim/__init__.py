"""A simulated infant in a therapist's hands: posture under gravity, birth to 24 months.

Importing registers one Gymnasium environment for each file in ``envs/``, such as
``DMI/Sitting-v1``; nothing is parsed or simulated until it is used. Simulation for education and
hypothesis generation; not clinical evidence and not for decisions about a child.
"""

from typing import TYPE_CHECKING, Any

from dmi_sim.env.registration import refresh, register_at_import
from dmi_sim.names import conditions, outcomes, programmes, support_sites

if TYPE_CHECKING:
    from dmi_sim.assessments.bedside.procedure import examine as examine
    from dmi_sim.assessments.support_demand.procedure import demand as demand
    from dmi_sim.child.child import Child as Child
    from dmi_sim.cohorts import cohort as cohort
    from dmi_sim.env.support_curriculum import SupportCurriculum as SupportCurriculum
    from dmi_sim.env.support_curriculum import SupportProgress as SupportProgress
    from dmi_sim.infant import Infant as Infant
    from dmi_sim.training.library import load_policy as load_policy
    from dmi_sim.training.sb3 import to_sb3 as to_sb3

__all__ = [
    "Child",
    "Infant",
    "SupportCurriculum",
    "SupportProgress",
    "cohort",
    "conditions",
    "demand",
    "environments",
    "examine",
    "load_policy",
    "outcomes",
    "programmes",
    "support_sites",
    "to_sb3",
]


register_at_import()


def environments() -> tuple[str, ...]:
    """Gymnasium ids of all exercises; own files that were named after the import get theirs here.

    >>> "DMI/Sitting-v1" in environments()
    True
    """
    from dmi_sim.names import environments as ids

    refresh()
    return ids()


def __getattr__(name: str) -> Any:
    """Load what is heavy when it is first asked for, so that listing stays quick."""
    if name == "Infant":
        from dmi_sim.infant import Infant

        return Infant
    if name in ("SupportCurriculum", "SupportProgress"):
        from dmi_sim.env import support_curriculum

        return getattr(support_curriculum, name)
    if name == "Child":
        from dmi_sim.child.child import Child

        return Child
    if name == "cohort":
        from dmi_sim.cohorts import cohort

        return cohort
    if name == "demand":
        from dmi_sim.assessments.support_demand.procedure import demand

        return demand
    if name == "examine":
        from dmi_sim.assessments.bedside.procedure import examine

        return examine
    if name == "load_policy":
        from dmi_sim.training.library import load_policy

        return load_policy
    if name == "to_sb3":
        from dmi_sim.training.sb3 import to_sb3

        return to_sb3
    raise AttributeError(f"module 'dmi_sim' has no attribute '{name}'")
