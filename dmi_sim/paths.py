"""Where this installation keeps its models, exercises and studies, and where a researcher does.

The one place that knows whether the package runs from a wheel or from a checkout. It parses and
imports nothing, so that ``import dmi_sim`` can list the exercises at once.
"""

import os
from pathlib import Path

from dmi_sim.errors import MachineProblem

OWN_FILES = "DMI_SIM_FILES"
"""Environment variable that names a folder of one's own, with ``envs/``, ``models/`` or
``experiments/`` in it; its files stand before those of the same name that are shipped."""

_SENTINEL = Path("models/references.yaml")


def root() -> Path:
    """The folder that holds ``models/``, ``envs/`` and ``experiments/``.

    Raises:
        MachineProblem: If neither the wheel nor a checkout has them.
    """
    package = Path(__file__).parent
    for folder in (package / "_data", package.parent):
        if (folder / _SENTINEL).is_file():
            return folder
    raise MachineProblem(f"{package}: the installation lacks its data files; reinstall it")


def roots() -> tuple[Path, ...]:
    """All folders where files are looked for, in this order: the researcher's own, the shipped.

    Raises:
        MachineProblem: If the researcher's folder does not exist, or the shipped one.
    """
    own = os.environ.get(OWN_FILES)
    if not own:
        return (root(),)
    if not Path(own).is_dir():
        raise MachineProblem(f"{OWN_FILES}: no folder {own}")
    return (Path(own), root())
