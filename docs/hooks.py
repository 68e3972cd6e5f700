"""What mkdocs calls while it builds the site: it adds the pages that are made from the package."""

from collections.abc import Callable, Mapping
from typing import Any

from api_pages import api_pages
from condition_pages import condition_pages
from exercise_pages import exercise_pages, exercise_pictures
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files


def _exercise_files() -> dict[str, str | bytes]:
    return {**exercise_pages(), **exercise_pictures()}


SECTIONS: dict[str, Callable[[], Mapping[str, str | bytes]]] = {
    "exercises/": _exercise_files,
    "conditions/": condition_pages,
    "api/": api_pages,
}
"""Where the navigation of ``mkdocs.yml`` names a folder, its pages come from here."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files of all sections, and write their pages into the navigation."""
    for folder, make in SECTIONS.items():
        written = [page.src_uri for page in files.documentation_pages()]
        made = make()
        for path, content in made.items():
            files.append(File.generated(config, path, content=content))
        inside = [path for path in (*made, *written) if path.startswith(folder)]
        config.nav = _filled(config.nav or [], folder, inside)
    return files


def _filled(nav: list[Any], folder: str, files: list[str]) -> list[Any]:
    """The navigation with the pages of a folder where it names the folder."""
    pages = [file for file in files if file.endswith(".md")]
    return [{key: pages if to == folder else to} for item in nav for key, to in item.items()]
