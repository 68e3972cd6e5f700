"""The page: complete, in every language the same, and asking nobody but its own server."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from dmi_sim.live import sentence
from dmi_sim.live.choices import all_choices
from dmi_sim.live.messages import Answer, ControllerName
from dmi_sim.page.page_files import FOLDER, languages, page_files
from dmi_sim.render.captions import End

OWN = [path for path in FOLDER.rglob("*") if path.suffix in (".js", ".html", ".css")]
SCRIPTS = [path for path in OWN if path.parent.name == "js"]


def words(language: str) -> dict[str, str]:
    text = (FOLDER / "words" / f"{language}.json").read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(text)
    return found


def gaps(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", languages())
def test_a_language_has_the_words_of_english_and_their_gaps(language: str) -> None:
    english, other = words("en"), words(language)
    assert [*other] == [*english]
    assert {key: gaps(text) for key, text in other.items()} == {
        key: gaps(text) for key, text in english.items()
    }
    assert all(text.strip() for text in other.values())


def test_every_language_can_be_chosen() -> None:
    page = (FOLDER / "index.html").read_text(encoding="utf-8")
    assert {*re.findall(r'<option value="([a-z]{2})"', page)} == {*languages()}


def used_keys() -> Iterator[str]:
    page = (FOLDER / "index.html").read_text(encoding="utf-8")
    yield from re.findall(r'data-(?:words|title)="([\w.]+)"', page)
    for script in SCRIPTS:
        yield from re.findall(r'\bt\("([\w.]+)"', script.read_text(encoding="utf-8"))
    source = Path(sentence.__file__).read_text(encoding="utf-8")
    yield from (f"sentence.{key}" for key in re.findall(r'key="(\w+)"', source))
    yield from (f"controller.{name}" for name in get_args(ControllerName))
    yield from (f"ending.{name}" for name in get_args(End) if name)
    decisions = get_args(Answer.model_fields["comes_to"].annotation)
    yield from (f"answer.{name}" for name in decisions)


def test_every_word_that_is_used_is_there() -> None:
    used, english = {*used_keys()}, words("en")
    assert len(used) > 30
    assert used <= {*english}


def test_all_that_ships_with_the_package_has_words() -> None:
    choices, english = all_choices(), words("en")
    named = {
        *(f"exercise.{one.name}" for one in choices.exercises),
        *(f"condition.{one.name}" for one in choices.conditions),
        *(f"site.{one.name}" for one in choices.sites),
    }
    assert named <= {*english}


def test_every_script_that_is_imported_is_served() -> None:
    files = page_files()
    for script in SCRIPTS:
        for name in re.findall(r'from "([^"]+)"', script.read_text(encoding="utf-8")):
            path = (script.parent / name).resolve().relative_to(FOLDER.resolve()).as_posix()
            assert f"/{path}" in files, f"{script.name} imports {name}"


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_nothing_is_asked_of_another_server(path: Path) -> None:
    if path.parent.name == "vendor":
        pytest.skip("code of others names its addresses in messages of errors")
    assert not re.search(r"https?://", path.read_text(encoding="utf-8"))


def test_the_licence_of_vendored_code_lies_beside_it() -> None:
    vendored = FOLDER / "vendor"
    assert "MIT License" in (vendored / "three.LICENSE.txt").read_text(encoding="utf-8")
    assert (vendored / "three.min.js").stat().st_size < 700_000


def test_the_page_is_read_into_memory_with_its_types() -> None:
    files = page_files()
    assert files["/"][0].startswith("text/html")
    assert files["/js/main.js"][0].startswith("text/javascript")
    assert all(path.startswith("/") and ".." not in path for path in files)
