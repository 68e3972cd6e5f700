"""Folders of the shipped models, exercises and studies, and of a researcher's own.

Only this module knows whether the package runs from a wheel or from a checkout. It parses nothing
and imports nothing heavy, so that ``import dmi_sim`` lists the exercises within milliseconds.
"""

import os
from pathlib import Path

from dmi_sim.errors import MachineProblem

OWN_FILES = "DMI_SIM_FILES"
"""Environment variable that names a researcher's own folder, with ``envs/``, ``models/`` or
``experiments/`` in it; its files take precedence over shipped files of the same name."""

YAML_SUFFIXES = (".yaml", ".yml")
"""Endings of YAML files; of two files of one name the first ending is taken."""

_SENTINEL = Path("models/references.yaml")


def root() -> Path:
    """The folder that holds the shipped ``models/``, ``envs/`` and ``experiments/``.

    Raises:
        MachineProblem: If neither the wheel nor the checkout has them.
    """
    package = Path(__file__).parent
    for folder in (package / "_data", package.parent):
        if (folder / _SENTINEL).is_file():
            return folder
    raise MachineProblem(f"{package}: the installation lacks its data files; reinstall it")


def roots() -> tuple[Path, ...]:
    """All folders in which files are looked up, in this order: the researcher's own, the shipped.

    Raises:
        MachineProblem: If one of the two does not exist.
    """
    own = os.environ.get(OWN_FILES)
    if not own:
        return (root(),)
    if not Path(own).is_dir():
        raise MachineProblem(f"{OWN_FILES}: no folder {Path(own).absolute()}")
    return (Path(own), root())


def yaml_stems(folder: Path) -> set[str]:
    """Stems of the YAML files in a folder; none if there is no such folder."""
    return {path.stem for path in _yaml_files(folder)}


def yaml_file(folder: Path, stem: str) -> Path | None:
    """The YAML file of a stem in a folder; None if there is none, however odd the stem."""
    files = {path.name: path for path in _yaml_files(folder)}  # a stem too long for a file is none
    return next((files[name] for end in YAML_SUFFIXES if (name := f"{stem}{end}") in files), None)


def _yaml_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if path.suffix in YAML_SUFFIXES]
