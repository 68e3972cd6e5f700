"""The documentation: what it names exists, what it prints runs, and it misses nothing.

That every link of the site leads somewhere is checked when it is built (``make docs``).
"""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
import typer

from dmi_sim import conditions
from dmi_sim.catalog import Catalog, parse_yaml
from dmi_sim.check import spec_kinds
from dmi_sim.cli import app
from dmi_sim.env.criteria import CRITERIA
from dmi_sim.env.observations import OBSERVATIONS
from dmi_sim.env.rewards import REWARD_TERMS
from dmi_sim.env.terminations import TERMINATIONS
from dmi_sim.names import exercises
from dmi_sim.paths import OWN_FILES
from dmi_sim.spec.condition import Parameter
from dmi_sim.spec.exercise import ExerciseSpec

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if path.parent.name != "tables")
TEXTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *PAGES)
}
README, GLOSSARY = TEXTS["README.md"], TEXTS["docs/glossary.md"]


def blocks(language: str) -> dict[str, list[str]]:
    """Blocks of code in a language, by page; pages without one are left out."""
    pattern = re.compile(rf"^```{language}\n(.*?)^```", re.DOTALL | re.MULTILINE)
    found = {name: pattern.findall(text) for name, text in TEXTS.items()}
    return {name: texts for name, texts in found.items() if texts}


def rows(text: str) -> list[list[str]]:
    """Cells of all table rows but the first two of each table."""
    tables = re.findall(r"(?:^\|.*\|$\n?)+", text, re.MULTILINE)
    lines = (line for table in tables for line in table.splitlines()[2:])
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


# README


def test_the_readme_is_short_and_its_lines_too() -> None:
    lines = README.splitlines()
    assert len(lines) <= 130
    assert [line for line in lines if len(line) > 120] == []


def test_the_readme_says_the_answer_before_it_says_how_to_run() -> None:
    answer, _, rest = README.partition("<!-- /answer -->")
    assert "<!-- answer -->" in answer
    assert "## Run it" in rest


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_of_the_pages_at_the_top_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)", TEXTS[name])
    assert [target for target in targets if not (ROOT / target).exists()] == []


# Glossary


def terms() -> list[list[str]]:
    return rows(GLOSSARY)


def place(name: str) -> object:
    """What stands behind a dotted name."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            thing: object = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            thing = getattr(thing, part)
        return thing
    raise ModuleNotFoundError(name)


def test_the_glossary_has_one_row_for_each_term() -> None:
    names = [row[0] for row in terms()]
    assert len(names) >= 60
    assert sorted(names) == sorted(set(names))
    assert {len(row) for row in terms()} == {5}
    assert all(row[1].endswith((".", ".)")) for row in terms())


@pytest.mark.parametrize("row", terms(), ids=lambda row: row[0])
def test_a_term_is_where_the_glossary_says(row: list[str]) -> None:
    places = re.findall(r"`([^`]+)`", row[3])
    assert places
    for name in places:
        assert (ROOT / name).exists() if "/" in name else place(name)


# Commands


def commands() -> list[tuple[str, str]]:
    """Each line of a page that calls ``dmi-sim``, without its comment."""
    lines = [
        (name, line)
        for name, texts in blocks("sh").items()
        for text in texts
        for line in text.splitlines()
    ]
    return [(name, line) for name, line in lines if line.startswith("dmi-sim ")]


@pytest.mark.parametrize(("page", "line"), commands())
def test_a_command_that_is_printed_has_these_options(page: str, line: str) -> None:
    _, *words = shlex.split(line.replace("<run>", "run"), comments=True)
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    command.make_context("dmi-sim", words)  # parses, runs nothing


@pytest.mark.parametrize(("page", "line"), commands())
def test_a_command_that_is_printed_names_policies_as_an_installation_knows_them(
    page: str, line: str
) -> None:
    """The folder of the shipped policies lies elsewhere in an installation."""
    assert "models/policies" not in line, page


# Code

OWN = {
    "my_files/envs/bench_sitting.yaml": "CONTRIBUTING.md",
    "my_files/models/supports/scapulae.yaml": "docs/how-to/support-site.md",
    "my_files/models/programmes/down_the_legs.yaml": "docs/how-to/programme.md",
    "my_files/experiments/who_stays.yaml": "docs/how-to/programme-study.md",
    "my_files/experiments/searches/how_often.yaml": "docs/how-to/search.md",
    "my_files/experiments/sensitivities/hands_or_brains.yaml": "docs/how-to/sensitivity.md",
    "my_files/models/conditions/stiff_ankles.yaml": "docs/how-to/condition.md",
}
"""Files of one's own that pages print, each the first YAML of its page."""

NEEDS_A_RUN = ("docs/start/researcher.md",)
"""Pages whose code reads the tables of a finished study."""

RUN_ALL = """
import json, sys
problems = {}
for page, texts in json.load(sys.stdin).items():
    names = {"__name__": "page"}
    try:
        for text in texts:
            exec(compile(text, page, "exec"), names)
        for name in [name for name in names if name.startswith("test_")]:
            names[name]()
    except BaseException as error:
        problems[page] = f"{type(error).__name__}: {error}"
json.dump(problems, open("problems.json", "w"))
"""


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the pages print, and with the helpers of the tests."""
    folder = tmp_path_factory.mktemp("pages")
    for name, page in OWN.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(blocks("yaml")[page][0], encoding="utf-8")
    (folder / "tests").symlink_to(ROOT / "tests")
    return folder


def python(
    words: list[str], folder: Path, given: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, with some text on stdin and more variables in its environment."""
    search = os.pathsep.join([str(folder), *sys.path])
    return subprocess.run(
        [sys.executable, *words], cwd=folder, input=given, text=True, capture_output=True,
        env={**os.environ, "PYTHONPATH": search, "OMP_NUM_THREADS": "1", **more}, check=False,
    )  # fmt: skip


def test_the_code_of_all_pages_runs(workplace: Path) -> None:
    """All pages one after the other in one process, each with names of its own."""
    pages = {page: texts for page, texts in blocks("python").items() if page not in NEEDS_A_RUN}
    done = python(["-c", RUN_ALL], workplace, json.dumps(pages))
    assert done.returncode == 0, done.stderr
    assert json.loads((workplace / "problems.json").read_text()) == {}


def test_the_files_of_ones_own_are_right(workplace: Path) -> None:
    words = ["-m", "dmi_sim", "check", "my_files", "--json"]
    found = json.loads(python(words, workplace, DMI_SIM_FILES="my_files").stdout)
    assert (found["files"], found["problems"]) == (len(OWN), [])


def test_settings_for_other_libraries_are_those_of_the_exercise() -> None:
    page = "docs/how-to/stable-baselines3.md"
    spec = Catalog.shipped().load(ExerciseSpec, "sitting").training
    ((_, zoo),) = parse_yaml(blocks("yaml")[page][0], page).items()
    for name in ("n_envs", "n_steps", "batch_size", "n_epochs", "gamma", "gae_lambda"):
        assert zoo[name] == getattr(spec, name)
    assert zoo["n_timesteps"] == spec.total_steps
    assert zoo["learning_rate"] == f"lin_{spec.learning_rate}"
    assert f"log_std_init={spec.log_std_init}" in zoo["policy_kwargs"]
    assert f"net_arch={list(spec.net_arch)}" in zoo["policy_kwargs"]
    words = shlex.split(next(text for text in blocks("sh")[page] if "--num-envs" in text))
    given = dict(pairwise(words))
    assert int(given["--num-minibatches"]) * spec.batch_size == spec.rollout_steps
    assert float(given["--learning-rate"]) == spec.learning_rate


# Moving from 0.1


def known_names() -> Iterator[str]:
    """Every key that a file may have, and every term that it may name."""
    for kind in spec_kinds():
        schema: dict[str, Any] = kind.model_json_schema()
        parts: list[dict[str, Any]] = [schema, *schema.get("$defs", {}).values()]
        for part in parts:
            yield from part.get("properties", {})
    for registry in (CRITERIA, OBSERVATIONS, REWARD_TERMS, TERMINATIONS):
        yield from registry


def test_moving_names_every_module_that_statistics_became() -> None:
    row = next(
        line
        for line in TEXTS["docs/moving-from-0.1.md"].splitlines()
        if "| `dmi_sim.statistics` |" in line
    )
    modules = {path.stem for path in (ROOT / "dmi_sim/statistics").glob("[a-z]*.py")}
    assert set(re.findall(r"[.](\w+)`", row.partition("|")[2].partition("|")[2])) == modules


def renamed() -> list[tuple[str, str]]:
    """Old and new keys and terms of files: what stands before the bundles."""
    part = TEXTS["docs/moving-from-0.1.md"].partition("## Policy bundles")[0]
    found = (tuple(re.findall(r"`([\w.*]+)`", " ".join(row[-2:]))[:2]) for row in rows(part))
    return [(pair[0], pair[1]) for pair in found if len(pair) == 2]


def test_new_names_of_files_are_known() -> None:
    known = {*known_names(), *get_args(Parameter)}
    pairs = [(old.split(".")[-1], new.split(".")[-1]) for old, new in renamed()]
    assert len(pairs) > 40
    assert [new for _, new in pairs if new not in known] == []


# Pages that are made


MAKE_ALL = """
import json, sys
sys.path.insert(0, sys.argv[1])
from condition_pages import condition_pages
from exercise_pages import exercise_pages
json.dump({**exercise_pages(), **condition_pages()}, open("made.json", "w"))
"""


EXERCISE_SECTIONS = ("Success and end", "Start", "Observations and actions", "Rewards", "Training")
REPERTOIRE_SECTIONS = ("Observations", "Actions")


def test_every_exercise_and_condition_has_a_page_also_a_new_one(workplace: Path) -> None:
    done = python(["-c", MAKE_ALL, str(DOCS)], workplace, **{OWN_FILES: "my_files"})
    assert done.returncode == 0, done.stderr
    made = json.loads((workplace / "made.json").read_text())
    for name in (*exercises(), "bench_sitting"):
        assert f"({name}.md)" in made["exercises/index.md"]
        page = made[f"exercises/{name}.md"]
        assert [one for one in EXERCISE_SECTIONS if f"## {one}\n" not in page] == []
    repertoire = made["exercises/repertoire.md"]
    assert [one for one in REPERTOIRE_SECTIONS if f"## {one}\n" not in repertoire] == []
    for name in (*conditions(), "stiff_ankles"):
        assert f"({name}.md)" in made["conditions/index.md"]
        has_changes = "## What it changes\n" in made[f"conditions/{name}.md"]
        assert has_changes == (name != "typical")
