"""The page as one file that opens from a disk, without a server and without Python.

Browsers load no modules from files, so a script in the page makes an import map of all of them.
They are those of the live page, and only where messages come from differs.
"""

import base64
import gzip
import json
import re
from collections.abc import Mapping
from pathlib import Path

from dmi_sim.page.page_files import page_files

_IMPORT = re.compile(r'from "\.{1,2}/(?:[\w-]+/)*([\w.-]+)"')
_BEGIN = Path(__file__).with_name("begin.js")


def page_with(film: Mapping[str, object]) -> str:
    """The page as one file, fed by frames that are in it.

    Args:
        film: What a server would tell, in JSON.
    """
    files = {path: content.decode("utf-8") for path, (_, content) in page_files().items()}
    words = {
        path.removeprefix("/words/").removesuffix(".json"): json.loads(text)
        for path, text in files.items()
        if path.startswith("/words/")
    }
    inside = "".join(
        _embedded(name, data)
        for name, data in (
            ("words", words), ("film", _packed(film)), ("scripts", _packed(_scripts(files))),
        )
    )  # fmt: skip
    replacements = (
        ('<link rel="icon" href="icon.svg">', ""),
        ('<link rel="stylesheet" href="style.css">', f"<style>{files['/style.css']}</style>"),
        ('<script type="module" src="js/main.js"></script>', ""),
        ("</body>", f"{inside}<script>{_BEGIN.read_text(encoding='utf-8')}</script></body>"),
    )
    page = files["/"]
    for old, new in replacements:
        before, found, after = page.partition(old)
        if not found:
            raise AssertionError(f"index.html lacks {old}")
        page = f"{before}{new}{after}"
    return page


def _scripts(files: Mapping[str, str]) -> dict[str, str]:
    """All scripts by the names under which they import each other."""
    return {
        f"page/{path.rpartition('/')[2]}": _IMPORT.sub(r'from "page/\1"', text)
        for path, text in files.items()
        if path.endswith(".js")
    }


def _packed(data: object) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode("ascii")


def _embedded(name: str, data: object) -> str:
    """Data in the page; `<` is written so that no text in it ends the element."""
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script id="{name}" type="application/json">{text}</script>'
