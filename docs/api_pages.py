"""Pages of the public modules, one for each package, found by looking into the installation."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from markdown_text import first_line, table

import dmi_sim

INTERNAL = ("dmi_sim.cli", "dmi_sim.benchmark", "dmi_sim.physics.bullet")
"""Packages that nobody outside imports."""

ROOT_MODULES = ("dmi_sim.infant", "dmi_sim.cohorts", "dmi_sim.names", "dmi_sim.recording")
"""Modules of no package that users meet."""


def api_pages() -> dict[str, str]:
    """All pages of the section by their path in the site."""
    pages = {"api/index.md": "\n".join(_index()), "api/root.md": _modules("dmi_sim", ROOT_MODULES)}
    for package in packages():
        pages[f"api/{_short(package)}.md"] = _modules(package, modules_in(package))
    return pages


def packages() -> tuple[str, ...]:
    """The public packages directly below the root."""
    found = (m.name for m in pkgutil.iter_modules(dmi_sim.__path__, "dmi_sim.") if m.ispkg)
    return tuple(sorted(name for name in found if name not in INTERNAL))


def modules_in(package: str) -> tuple[str, ...]:
    """A package, the packages in it, and their modules, as far as they have something public."""
    inside = pkgutil.walk_packages(import_module(package).__path__, f"{package}.")
    names = (m.name for m in inside if not m.ispkg and not m.name.startswith(INTERNAL))
    return tuple(sorted(names))


def _short(name: str) -> str:
    return name.rpartition(".")[2]


def _index() -> Iterator[str]:
    yield "# API\n"
    yield "What `import dmi_sim` offers:\n"
    yield table(("Name", "What it is"), [_root_row(name) for name in dmi_sim.__all__])
    yield "All public modules, by package:\n"
    yield table(
        ("Package", "What it holds"),
        [(f"[`{p}`]({_short(p)}.md)", first_line(import_module(p))) for p in packages()],
    )
    yield "Names that begin with an underscore may change at any time.\n"


def _root_row(name: str) -> tuple[str, str]:
    thing = getattr(dmi_sim, name)
    target = f"{thing.__module__}.{thing.__qualname__}"
    return f"[`dmi_sim.{name}`][{target}]", first_line(thing)


def _modules(title: str, modules: tuple[str, ...]) -> str:
    return "\n".join([f"# {title}\n", *(f"::: {module}\n" for module in modules)])
