"""Executors of study cells: inline, in processes, on a Ray cluster; equal results.

A cell's files do not depend on who runs it, how many run beside it, or in which order. A cell that
fails is tried again, and after the last attempt it is given up while the others go on.
:mod:`dmi_sim.study.executors.dispatch` is the way in; the back ends know ``base`` only.
"""

from typing import Literal, TypeAlias

ExecutorName: TypeAlias = Literal["process", "inline", "ray"]
"""Processes of this machine, this process itself, or a Ray cluster."""
