"""The course of a child through its programme: what is kept of it once it is over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dmi_sim.child.assessment import Assessment
from dmi_sim.child.diary import SessionEntry
from dmi_sim.spec.programme import ProgrammeSpec


@dataclass(frozen=True)
class Course:
    """The course of one child through its programme: all that a study keeps of it.

    Attributes:
        arm: Name of the arm.
        child: Number of the child in its cohort, from 0; arms are paired by it.
        who: Who the child is at the beginning, as :func:`dmi_sim.infant.who` says it.
        programme: The programme.
        sessions: The diary, session by session, with all trials.
        assessments: What the child could do alone, oldest first: the first before any practice,
            the last after the last week.
        retention: What it could do after a pause without practice or play; None if the study asks
            for none.
    """

    arm: str
    child: int
    who: Mapping[str, Any]
    programme: ProgrammeSpec
    sessions: tuple[SessionEntry, ...]
    assessments: tuple[Assessment, ...]
    retention: Assessment | None = None
