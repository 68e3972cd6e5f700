"""Where this installation keeps its models, exercises and studies.

The one place that knows whether the package runs from a wheel or from a checkout. It parses and
imports nothing, so that ``import dmi_sim`` can list the exercises at once.
"""

from pathlib import Path

from dmi_sim.errors import EnvironmentProblem

_SENTINEL = Path("models/references.yaml")


def root() -> Path:
    """The folder that holds ``models/``, ``envs/`` and ``experiments/``.

    Raises:
        EnvironmentProblem: If neither the wheel nor a checkout has them.
    """
    package = Path(__file__).parent
    for folder in (package / "_data", package.parent):
        if (folder / _SENTINEL).is_file():
            return folder
    raise EnvironmentProblem(f"{package}: the installation lacks its data files; reinstall it")
