"""Numbers that nobody means, in every option that takes one: refused at once, with the range."""

import inspect
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import pytest
from typer.testing import CliRunner

from dmi_sim.check import LARGEST_FOLDER, check_own, spec_kinds
from dmi_sim.cli import app
from dmi_sim.errors import InputError


def commands(typer_app: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command of the command line, with the words that call it."""
    for one in typer_app.registered_commands:
        yield (*before, one.name or one.callback.__name__.replace("_", "-")), one.callback
    for group in typer_app.registered_groups:
        yield from commands(group.typer_instance, (*before, group.name))


def numeric_options() -> Iterator[Any]:
    """The words of a command, and the name and limits of each of its numeric options."""
    for words, callback in commands(app):
        for name, parameter in inspect.signature(callback).parameters.items():
            if get_origin(parameter.annotation) is not Annotated:
                continue
            kind, option = get_args(parameter.annotation)[:2]
            kinds = {kind, *get_args(kind)}
            if kinds & {int, float}:
                given = [one for one in (option.default, *(option.param_decls or ())) if one]
                flags = [str(one) for one in given if str(one).startswith("--")]
                flag = next(iter(flags), f"--{name.replace('_', '-')}")
                label = f"{' '.join(words)} {flag}"
                yield pytest.param(words, flag, option, float in kinds, id=label)


OPTIONS = list(numeric_options())
WANTED = {"evaluate": ["bundle"], "card": ["typical"], "train": ["DMI/Sitting-v1"]}
"""Arguments without which a command does not look at its options."""


@pytest.mark.parametrize(("words", "flag", "option", "is_float"), OPTIONS)
def test_a_number_beyond_all_measure_is_refused_at_once_with_the_range(
    words: tuple[str, ...], flag: str, option: Any, is_float: bool
) -> None:
    assert option.min is not None
    assert option.max is not None
    hostile = [str(10**23), str(-(10**23)), *(["inf", "-inf", "nan"] if is_float else [])]
    for value in hostile:
        started_s = time.process_time()
        done = CliRunner().invoke(app, [*words, *WANTED.get(words[-1], ["x"]), flag, value])
        assert done.exit_code == 2, done.output
        assert flag in done.output
        assert "than or equal to" in done.output
        assert time.process_time() - started_s < 5


def test_the_command_line_has_numeric_options() -> None:
    assert len(OPTIONS) > 20


def unbounded(schema: object, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Whole numbers of a JSON schema that may grow without limit."""
    if isinstance(schema, dict):
        limits = {"maximum", "exclusiveMaximum", "const", "enum"}
        if schema.get("type") == "integer" and not limits & schema.keys():
            yield ".".join(path)
        for key, value in schema.items():
            yield from unbounded(value, (*path, str(key)))
    elif isinstance(schema, list):
        for value in schema:
            yield from unbounded(value, path)


@pytest.mark.parametrize("kind", spec_kinds(), ids=lambda kind: kind.__name__)
def test_no_whole_number_of_a_file_may_grow_without_limit(kind: Any) -> None:
    # settings of a learner in an arm are checked by the learner's own file
    free = [one for one in unbounded(kind.model_json_schema()) if "additionalProperties" not in one]
    assert free == []


def test_a_whole_disk_is_not_checked(tmp_path: Path) -> None:
    for name in range(3):
        (tmp_path / f"{name}.yaml").touch()
    started_s = time.monotonic()
    with pytest.raises(InputError, match=f"more than {LARGEST_FOLDER} files; name a file"):
        check_own(Path("/"), Any)  # type: ignore[arg-type]
    assert time.monotonic() - started_s < 20
