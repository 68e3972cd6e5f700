"""The command ``dmi-sim schema``."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dmi_sim.cli.console import CommandResult

if TYPE_CHECKING:
    from dmi_sim.registry import Registry

Kind = Annotated[
    str | None, typer.Argument(help="A kind of file, such as envs or models/supports.")
]
Out = Annotated[Path | None, typer.Option(help="Write one schema a kind into this folder.")]


def schema(kind: Kind = None, out: Out = None) -> CommandResult:
    """Give the JSON Schema of the files.

    With it an editor completes keys in YAML and underlines mistakes. The names that terms,
    observations and the like may have are those registered here, plug-ins included.
    """
    from dmi_sim.check import spec_kinds
    from dmi_sim.errors import InputError, did_you_mean
    from dmi_sim.outcome.practice import PRACTICE_OUTCOMES
    from dmi_sim.registry import with_names
    from dmi_sim.spec.study import STUDY_OUTCOME

    kinds = {one.folder: one for one in spec_kinds()}
    if kind is not None and kind not in kinds:
        raise InputError(f"{kind}: no such kind of file; {did_you_mean(kind, kinds)}")
    chosen = {kind: kinds[kind]} if kind else kinds
    names: dict[str, Mapping[str, object]] = {one.kind: one for one in _registries()}
    names[STUDY_OUTCOME] = {**names["outcome"], **PRACTICE_OUTCOMES}
    schemas = {folder: with_names(one.model_json_schema(), names) for folder, one in chosen.items()}
    data = schemas[kind] if kind else schemas
    if out is None:
        return CommandResult(json.dumps(data, indent=2), data)
    return CommandResult(
        "\n".join(_write_schemas(schemas, out)), {"folder": out, "kinds": [*schemas]}
    )


def _registries() -> "tuple[Registry[Any], ...]":
    """The registries whose names a field of a file may take."""
    from dmi_sim.child.outcomes import CHILD_OUTCOMES
    from dmi_sim.env.criteria import CRITERIA
    from dmi_sim.env.observations import OBSERVATIONS
    from dmi_sim.env.rewards import REWARD_TERMS
    from dmi_sim.env.terminations import TERMINATIONS
    from dmi_sim.outcome.registry import OUTCOMES
    from dmi_sim.therapy.programmes import RULES

    own = (*RULES.values(), CHILD_OUTCOMES)
    return *own, CRITERIA, OBSERVATIONS, OUTCOMES, REWARD_TERMS, TERMINATIONS


def _write_schemas(schemas: Mapping[str, object], out: Path) -> Iterator[str]:
    out.mkdir(parents=True, exist_ok=True)
    for folder, content in schemas.items():
        path = out / f"{folder.replace('/', '.')}.schema.json"
        path.write_text(f"{json.dumps(content, indent=2)}\n", encoding="utf-8")
        yield f"{path}"
