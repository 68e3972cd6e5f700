"""Commands about the files that a researcher edits."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import BAD_INPUT, Answer

if TYPE_CHECKING:
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.base import Spec

Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="Your own files or folders; all shipped files if none is given."),
]
Kind = Annotated[
    str | None, typer.Argument(help="A kind of file, such as envs or models/supports.")
]
Out = Annotated[Path | None, typer.Option(help="Write one schema a kind into this folder.")]


def list_files() -> Answer:
    """List exercises, conditions, supports, studies."""
    from dmi_sim.catalog import Catalog
    from dmi_sim.check import spec_kinds
    from dmi_sim.catalog.names import environments, support_sites

    catalog = Catalog.shipped()
    found = {kind.folder: dict(_titles(catalog, kind)) for kind in spec_kinds()}
    del found["models"]  # the references, which are no choice
    lines = [line for folder, titles in found.items() for line in _section(folder, titles)]
    ids, sites = environments(), support_sites()
    lines += ["environments", f"  {', '.join(ids)}"]
    lines += ["support sites, proximal to distal", f"  {', '.join(sites)}"]
    return Answer("\n".join(lines), {**found, "environments": ids, "support_sites": sites})


def _titles(catalog: "Catalog", kind: "type[Spec]") -> Iterator[tuple[str, str]]:
    for name in catalog.names(kind):
        yield name, str(getattr(catalog.load(kind, name), "title", ""))


def _section(folder: str, titles: dict[str, str]) -> Iterator[str]:
    yield folder
    width = max(map(len, titles), default=0)
    for name, title in titles.items():
        yield f"  {name:{width}}  {title}".rstrip()


def check(paths: Paths = None) -> Answer:
    """Check models, exercises and studies.

    Finds unknown keys, wrong values, and names and sources that lead nowhere.
    """
    from dmi_sim.catalog import Catalog
    from dmi_sim.check import check_own, check_shipped

    shipped = Catalog.shipped()
    findings = [check_own(path, shipped) for path in paths or ()] or [check_shipped(shipped)]
    problems = [line for one in findings for line in one.problems]
    files = sum(one.files for one in findings)
    verdict = f"{files} files, {len(problems)} problems" if problems else f"{files} files are right"
    return Answer(
        "\n".join([*problems, verdict]),
        {"files": files, "problems": problems},
        exit_code=BAD_INPUT if problems else 0,
    )


def schema(kind: Kind = None, out: Out = None) -> Answer:
    """Give the JSON Schema of the files.

    With it an editor completes keys in YAML and underlines mistakes.
    """
    from dmi_sim.check import spec_kinds
    from dmi_sim.errors import InputError, did_you_mean

    kinds = {one.folder: one for one in spec_kinds()}
    if kind is not None and kind not in kinds:
        raise InputError(f"{kind}: no such kind of file; {did_you_mean(kind, kinds)}")
    chosen = {kind: kinds[kind]} if kind else kinds
    schemas = {folder: one.model_json_schema() for folder, one in chosen.items()}
    data = schemas[kind] if kind else schemas
    if out is None:
        return Answer(json.dumps(data, indent=2), data)
    return Answer("\n".join(_write_schemas(schemas, out)), {"folder": out, "kinds": [*schemas]})


def _write_schemas(schemas: dict[str, dict[str, object]], out: Path) -> Iterator[str]:
    out.mkdir(parents=True, exist_ok=True)
    for folder, content in schemas.items():
        path = out / f"{folder.replace('/', '.')}.schema.json"
        path.write_text(f"{json.dumps(content, indent=2)}\n", encoding="utf-8")
        yield f"{path}"
