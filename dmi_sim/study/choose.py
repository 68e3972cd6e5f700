"""A study as it is going to run: one of its forms, with settings of the command line."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from dmi_sim.catalog import Catalog, override, read_spec
from dmi_sim.child.outcomes import CHILD_OUTCOMES
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.outcome.registry import OUTCOMES
from dmi_sim.paths import YAML_SUFFIXES
from dmi_sim.registry import parameter_problem
from dmi_sim.spec.studies import AnyStudy, ProgrammeStudySpec, Study, StudySpec
from dmi_sim.spec.study import HOURS_TO_SUCCESS

_FORMS = ("quick", "standard")
"""Blocks of a study file whose values replace others."""


def read_study(named: str, catalog: Catalog) -> tuple[str, AnyStudy]:
    """The name and the content of a study file.

    Args:
        named: Stem of a file in ``experiments``, or the path of a YAML file.
        catalog: Source of the study files.

    Raises:
        InputError: If there is no such study, or its content is refused.
    """
    path = Path(named)
    is_file = path.suffix in YAML_SUFFIXES
    spec = read_spec(Study, path) if is_file else catalog.load(Study, named)
    return (path.stem if is_file else named), cast("AnyStudy", spec)


def choose(
    catalog: Catalog,
    name: str,
    *,
    quick: bool = False,
    standard: bool = False,
    settings: Sequence[str] = (),
) -> AnyStudy:
    """A study with its settings applied, ready to be planned.

    Args:
        catalog: Source of the study files.
        name: Stem of the study file, or the path of one.
        quick: Whether the values of its ``quick`` block apply.
        standard: Whether those of its ``standard`` block do.
        settings: Settings ``dotted.key=value``; they win over the file and its blocks.

    Raises:
        InputError: If there is no such study or form of it, a setting is unknown or not allowed, or
            the primary outcome does not exist.
    """
    stem, spec = read_study(name, catalog)
    return with_settings(stem, spec, quick=quick, standard=standard, settings=settings)


def with_settings(
    name: str,
    spec: AnyStudy,
    *,
    quick: bool = False,
    standard: bool = False,
    settings: Sequence[str] = (),
) -> AnyStudy:
    """A study from anywhere with settings applied, see :func:`choose`.

    Args:
        name: Name of the study.
        spec: The study as its file has it.
        quick: Whether the values of its ``quick`` block apply.
        standard: Whether those of its ``standard`` block do.
        settings: Settings ``dotted.key=value``.

    Raises:
        InputError: If a setting is unknown or not allowed, or there is no such form or outcome.
    """
    if quick and standard:
        raise InputError("--quick and --standard: a study runs in one form at a time")
    for setting in settings:
        _check_setting(spec, setting.partition("=")[0].strip())
    form = spec.standard_form() if standard else spec.quick_form() if quick else spec
    chosen = override(form, settings)
    refuse(name, unknown_outcome(chosen))
    return chosen


@contextmanager
def told_as(named: str) -> Generator[None]:
    """Where problems of a study that was named by a path are told by that path.

    Args:
        named: Stem of a file in ``experiments``, or the path of a YAML file.

    Raises:
        InputError: As it comes, with the path in place of a place among the shipped files.
    """
    path = Path(named)
    try:
        yield
    except InputError as error:
        if path.suffix not in YAML_SUFFIXES:
            raise
        label, told = _label(path.stem), f"{named}: "
        raise InputError(*(line.replace(label, told, 1) for line in error.problems)) from error


def _label(name: str) -> str:
    """The beginning of a problem of a study of a name."""
    return f"{Study.folder}/{name}.yaml: "


def unknown_outcome(study: AnyStudy) -> Iterator[str]:
    """The problem of a primary outcome that is not registered: ``field: reason``."""
    primary = study.primary_outcome
    if isinstance(study, StudySpec):
        is_practice = primary.outcome == HOURS_TO_SUCCESS
        reason = "" if is_practice else OUTCOMES.unknown(primary.outcome)
    else:
        reason = CHILD_OUTCOMES.unknown(primary.outcome)
    if reason:
        yield f"primary_outcome.outcome: {reason}"
    elif isinstance(study, ProgrammeStudySpec):
        yield from _parameter_problems(study)


def _parameter_problems(study: ProgrammeStudySpec) -> Iterator[str]:
    primary = study.primary_outcome
    params: Mapping[str, object] = primary.params
    if problem := parameter_problem(CHILD_OUTCOMES[primary.outcome].function, params):
        yield f"primary_outcome.params: {problem}"


def refuse(name: str, problems: Iterable[str]) -> None:
    """Refuse a study for its problems.

    Args:
        name: Name of the study.
        problems: One line each, ``field: reason``.

    Raises:
        InputError: If there is any.
    """
    lines = [f"{_label(name)}{problem}" for problem in dict.fromkeys(problems)]
    if lines:
        raise InputError(*lines)


def _check_setting(spec: AnyStudy, key: str) -> None:
    first, _, rest = key.partition(".")
    if first in _FORMS:
        raise InputError(f"--set {key}: set '{rest or 'the value'}' itself, it wins over {first}")
    arm, _, inner = rest.partition(".")
    if first == "arms" and inner and arm not in spec.arms:
        raise InputError(f"--set {key}: no arm '{arm}'; {did_you_mean(arm, spec.arms)}")
