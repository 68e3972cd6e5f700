"""All kinds of cells, as they are read from files."""

from typing import TypeAlias

from dmi_sim.study.plan import Cell
from dmi_sim.study.programme_plan import ChildCell

AnyCell: TypeAlias = Cell | ChildCell
"""An infant that is trained in an exercise, or a child under a programme."""
