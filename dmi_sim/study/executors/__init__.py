"""Executors of study cells: inline, in processes, on a Ray cluster; equal results.

The files of a cell depend neither on the executor nor on the number and order of cells that run. A
cell that fails is tried again; after its last attempt it is given up, and the others go on.
:mod:`dmi_sim.study.executors.dispatch` is the entry point; the back ends import ``base`` only.
"""

from typing import Literal, TypeAlias

ExecutorName: TypeAlias = Literal["process", "inline", "ray"]
"""Processes of this machine, this process itself, or a Ray cluster."""
