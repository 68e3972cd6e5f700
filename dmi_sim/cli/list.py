"""The command ``dmi-sim list``."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dmi_sim.cli.console import CommandResult

if TYPE_CHECKING:
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.base import Spec


def list_files() -> CommandResult:
    """List exercises, conditions, supports, studies."""
    from dmi_sim.catalog import Catalog
    from dmi_sim.check import spec_kinds
    from dmi_sim.names import environments, old_environments, support_sites

    catalog = Catalog.shipped()
    found = {kind.folder: dict(_titles(catalog, kind)) for kind in spec_kinds()}
    del found["models"]  # the references, which are no choice
    lines = [line for folder, titles in found.items() for line in _section(folder, titles)]
    ids, old_ids, sites = environments(), old_environments(), support_sites()
    lines += ["environments", f"  {', '.join(ids)}"]
    lines += ["environments of version 0, until the next release", f"  {', '.join(old_ids)}"]
    lines += ["support sites, proximal to distal", f"  {', '.join(sites)}"]
    named = {"environments": ids, "old_environments": old_ids, "support_sites": sites}
    return CommandResult("\n".join(lines), {**found, **named})


def _titles(catalog: "Catalog", kind: "type[Spec]") -> Iterator[tuple[str, str]]:
    for name in catalog.names(kind):
        yield name, str(getattr(catalog.load(kind, name), "title", ""))


def _section(folder: str, titles: dict[str, str]) -> Iterator[str]:
    yield folder
    width = max(map(len, titles), default=0)
    for name, title in titles.items():
        yield f"  {name:{width}}  {title}".rstrip()
