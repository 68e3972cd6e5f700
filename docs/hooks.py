"""What mkdocs calls while it builds the site: it adds the pages that are made from the package."""

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
        written = [page.src_uri for page in files.documentation_pages()]
        made = pages()
        for path, content in made.items():
            files.append(File.generated(config, path, content=content))
        inside = [path for path in (*made, *written) if path.startswith(folder)]
        config.nav = _filled(config.nav or [], folder, inside)
    return files


def _filled(nav: list[Any], folder: str, pages: list[str]) -> list[Any]:
    """The navigation with the pages of a folder where it names the folder."""
    shown = [page for page in pages if page.endswith(".md")]
    return [{key: shown if value == folder else value} for item in nav for key, value in item.items()]
