"""What mkdocs calls while it builds the site: it adds the pages that are made from the package."""

from collections.abc import Iterator
from typing import Any

from api_pages import api_files
from condition_pages import condition_files
from exercise_pages import exercise_files
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

SECTIONS = {"exercises/": exercise_files, "conditions/": condition_files, "api/": api_files}
"""Where the navigation of ``mkdocs.yml`` names a folder, its pages come from here."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of all sections, and write them into the navigation."""
    for folder, pages in SECTIONS.items():
        made = pages()
        for path, content in made.items():
            files.append(File.generated(config, path, content=content))
        config.nav = _filled(config.nav or [], folder, list(_in_nav(files, folder)))
    return files


def _in_nav(files: Files, folder: str) -> Iterator[str]:
    """Pages of a section, its index first, then in the order in which they were made."""
    pages = [file.src_uri for file in files.documentation_pages()]
    inside = [path for path in pages if path.startswith(folder)]
    yield from sorted(inside, key=lambda path: not path.endswith("/index.md"))


def _filled(nav: list[Any], folder: str, pages: list[str]) -> list[Any]:
    return [{key: pages if value == folder else value} for item in nav for key, value in item.items()]
