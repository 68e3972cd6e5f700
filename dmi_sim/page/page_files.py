"""The files of the page, read once: nothing that comes over the network names a file."""

from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent / "files"
"""Folder of the page in the package."""

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_INDEX = "index.html"


def page_files() -> Mapping[str, tuple[str, bytes]]:
    """Type and content of each file of the page by its path; the page itself is ``/``."""
    found = (path for path in sorted(FOLDER.rglob("*")) if path.suffix in _TYPES)
    return {
        "/" if path.name == _INDEX else f"/{path.relative_to(FOLDER).as_posix()}": (
            _TYPES[path.suffix],
            path.read_bytes(),
        )
        for path in found
    }


def languages() -> tuple[str, ...]:
    """Languages that there are words for.

    >>> "en" in languages()
    True
    """
    return tuple(sorted(path.stem for path in (FOLDER / "words").glob("*.json")))
