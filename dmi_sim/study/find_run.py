"""Find what a user names a study for: its newest run, and the files beside its own."""

from pathlib import Path

from dmi_sim import paths
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.spec.studies import Study
from dmi_sim.study.run_setup import RUNS
from dmi_sim.study.store import MANIFEST, is_run, read_manifest


def find_run(named: Path, *, is_finished: bool = False) -> Path:
    """The run that a user names.

    Args:
        named: Folder of a run, or a study by its name or its YAML file, whose newest run is taken.
        is_finished: Whether a study's runs that have not finished are passed over.

    Raises:
        InputError: If there is none; the message says where it was looked for.
    """
    if is_run(named):
        return named
    runs = runs_of(named)
    for run in runs:
        if not is_finished or _is_finished(run):
            return run
    raise InputError(_no_run(named, runs_folders(named), len(runs)))


def run_and_catalog(named: Path) -> tuple[Path, Catalog]:
    """The run that a user names, and where its files are looked up.

    Args:
        named: As :func:`find_run` takes it.

    Raises:
        InputError: If there is no such run.
    """
    run = find_run(named)
    return run, catalog_of(named if named.suffix in paths.YAML_SUFFIXES else run)


def runs_of(named: Path) -> tuple[Path, ...]:
    """All runs of a study, the newest first.

    Args:
        named: A study as :func:`runs_folders` takes it.
    """
    runs = (run for place in runs_folders(named) for run in place.glob("*") if is_run(run))
    return tuple(sorted(runs, key=lambda run: run.name, reverse=True))


def runs_folders(named: Path) -> tuple[Path, ...]:
    """Folders that may hold the runs of a study: here, and beside the study's own file.

    The runs of ``mine/experiments/own.yaml`` lie in ``runs/own``, or in ``mine/runs/own`` if the
    study ran there; a name alone may be that of a file in :data:`dmi_sim.paths.OWN_FILES`.

    Args:
        named: A study by its name or its YAML file, or a folder that holds runs.
    """
    if named.is_dir():
        return (named, *_distinct(RUNS / named.name))
    is_file = named.suffix in paths.YAML_SUFFIXES
    study = named.stem if is_file else named.name
    homes = [named.resolve().parents[1]] if is_file else paths.roots()[:-1]
    return _distinct(RUNS / study, *(home / RUNS / study for home in homes))


def catalog_of(study: Path) -> Catalog:
    """Where files are looked up: first beside a study in ``experiments/``, as in check.

    Args:
        study: A study by its name or YAML file, or the folder of a run, ``runs/<study>/<run>`` in
            the folder that holds ``experiments/<study>.yaml``.
    """
    shipped, home = Catalog.shipped(), _home_of(study.resolve())
    if home is None or home in shipped.roots:
        return shipped.read_anew()
    return Catalog(home, *shipped.roots)


def _home_of(path: Path) -> Path | None:
    """The folder with the ``experiments/`` of a study's file or run; None if there is none."""
    if path.suffix in paths.YAML_SUFFIXES:
        return path.parents[1] if path.parent.name == Study.folder else None
    if not is_run(path) or path.parents[1].name != RUNS.name:
        return None
    home = path.parents[2]
    return home if paths.yaml_file(home / Study.folder, path.parent.name) else None


def _distinct(*folders: Path) -> tuple[Path, ...]:
    """The folders without those that are another one of them under another name."""
    return tuple({folder.resolve(): folder for folder in reversed(folders)}.values())[::-1]


def _is_finished(run: Path) -> bool:
    try:
        return read_manifest(run).status == "done"
    except InputError:
        return False


def _no_run(named: Path, places: tuple[Path, ...], unfinished: int) -> str:
    what = (
        f"no finished run ({unfinished} unfinished)"
        if unfinished
        else f"no run (it has no {MANIFEST}), nor a study that has one"
    )
    hint = "run the study first; its --quick form will do"
    known = {path.name for place in places for path in place.parent.glob("*") if path.is_dir()}
    if not unfinished and not named.exists() and known - {named.stem}:
        hint = f"{hint}; or {did_you_mean(named.stem, known)}"
    return f"{named}: {what}; looked in {', '.join(map(str, places))}; {hint}"
