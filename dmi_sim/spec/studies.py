"""All kinds of studies: whoever reads any of them imports :class:`Study` from here."""

from typing import TypeAlias

from dmi_sim.spec.programme_study import ProgrammeStudySpec
from dmi_sim.spec.study import StudySpec
from dmi_sim.spec.study_base import Study

AnyStudy: TypeAlias = StudySpec | ProgrammeStudySpec
"""A study of one exercise, or one of programmes."""

__all__ = ["AnyStudy", "ProgrammeStudySpec", "Study", "StudySpec"]
