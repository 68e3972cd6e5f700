"""Outcomes of one's own, from an installed package: known everywhere without an edit here."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dmi_sim.catalog import Catalog

TESTS = Path(__file__).parents[1]
SITTER = Catalog.shipped().root / "models/policies/sitting_0"

MODULE = '''
from dmi_sim.outcome.registry import outcome
from dmi_sim.recording import Recording


@outcome(unit="m", title="head height", meaning="how high the head was", direction="higher")
def {name}(recording: Recording) -> float:
    """Mean height of the head over the floor."""
    return float(recording.head_height_m.mean())
'''

TOLD = """
import json, sys
from pathlib import Path
import dmi_sim
from dmi_sim.catalog import Catalog
from dmi_sim.report.background import cells_section
from dmi_sim.report.context import report_context
from dmi_sim.report.results import answer_section, question_section
from dmi_sim.report.tables import read_run
from dmi_sim.study.columns import dictionary
from tests.report.fakes import asking_for, fake_run

own = "own_head_height_m"
run = asking_for(read_run(fake_run(Path(sys.argv[1]), with_replays=False)), own)
context = report_context(run, Catalog.shipped())
page = "".join([question_section(context), answer_section(context), cells_section(run, context)])
print(json.dumps({"names": dmi_sim.outcomes(), "columns": dictionary(), "page": page}))
"""


def installed(folder: Path, name: str) -> dict[str, str]:
    """The environment of a process in which a package with an outcome of that name is installed."""
    (folder / "tests").symlink_to(TESTS)  # the helpers, but not dmi_sim of the checkout beside them
    about = folder / "own_outcomes-1.0.dist-info"
    about.mkdir()
    (folder / "own_outcomes.py").write_text(MODULE.format(name=name))
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: own-outcomes\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[dmi_sim.terms]\nown = own_outcomes\n")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])}


def answer_of(command: list[str], env: dict[str, str]) -> Any:
    done = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, check=True, env=env
    )
    return json.loads(done.stdout)


def test_an_outcome_of_ones_own_has_a_column_and_its_words_in_the_report(tmp_path: Path) -> None:
    env = installed(tmp_path, "own_head_height_m")
    answer = answer_of(["-c", TOLD, str(tmp_path / "run")], env)
    assert answer["names"][-1] == "own_head_height_m"
    for table in ("episodes", "summary"):
        (column,) = (one for one in answer["columns"][table] if one["name"] == "own_head_height_m")
        assert column["unit"] == "m"
        assert column["meaning"] == "mean height of the head over the floor"
    assert "Measured was the head height: how high the head was." in answer["page"]
    assert "Head height by arm [m]" in answer["page"]


def test_the_command_line_knows_an_outcome_of_ones_own(tmp_path: Path) -> None:
    env = installed(tmp_path, "own_head_height_m")
    command = ["-m", "dmi_sim", "evaluate", str(SITTER), "--episodes", "1", "--json"]
    answer = answer_of(command, env)
    assert 0.1 < answer["episodes"][0]["own_head_height_m"] < 0.6
    assert answer["summary"]["own_head_height_m"]["mean"] == pytest.approx(
        answer["episodes"][0]["own_head_height_m"]
    )


@pytest.mark.parametrize("name", ["seed", "physics_faults"])
def test_an_outcome_with_the_name_of_another_column_is_refused(tmp_path: Path, name: str) -> None:
    program = "from dmi_sim.study.columns import dictionary; dictionary()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env=installed(tmp_path, name),
    )
    assert f"MachineProblem: outcome '{name}': table" in done.stderr
