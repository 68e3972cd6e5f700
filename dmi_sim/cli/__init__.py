"""The command line ``dmi-sim``: one module per command, named as it, heavy imports inside them.

Only typer is imported here, so that ``dmi-sim --help`` answers at once.
"""

import os
import sys
import warnings

import typer

from dmi_sim.cli import assess, lesson
from dmi_sim.cli.bench import bench
from dmi_sim.cli.card import card
from dmi_sim.cli.check import check
from dmi_sim.cli.console import ENVIRONMENT, command
from dmi_sim.cli.demand import demand
from dmi_sim.cli.describe import describe
from dmi_sim.cli.doctor import doctor
from dmi_sim.cli.evaluate import evaluate
from dmi_sim.cli.examine import examine
from dmi_sim.cli.findings import findings
from dmi_sim.cli.list import list_files
from dmi_sim.cli.live import live
from dmi_sim.cli.policies import policies
from dmi_sim.cli.power import power
from dmi_sim.cli.replay import replay
from dmi_sim.cli.report import report
from dmi_sim.cli.schema import schema
from dmi_sim.cli.search import search
from dmi_sim.cli.sensitivity import sensitivity
from dmi_sim.cli.streams import prepare_streams
from dmi_sim.cli.study import study
from dmi_sim.cli.train import train
from dmi_sim.cli.verify import verify
from dmi_sim.errors import machine_problem

app = typer.Typer(
    name="dmi-sim",
    help="Simulated infants in a therapist's hands. Simulation, not clinical evidence.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("list")(command(list_files))
for _command in (describe, check, schema, card):
    app.command()(command(_command))
for _command in (doctor, demand, examine):
    app.command()(command(_command, is_long=True))
app.add_typer(assess.app, name="assess")
app.add_typer(lesson.app, name="lesson")
_studies = (study, search, sensitivity, power, verify, report, findings)
_long = (train, evaluate, policies, *_studies, replay, live, bench)
for _command in _long:
    app.command()(command(_command, is_long=True))


def main() -> None:
    """Run the command in ``sys.argv`` and exit with its code."""
    prepare_streams()
    # Who sits at a command line is told what Python tells programmers only.
    warnings.filterwarnings("default", ".* goes with the next release", DeprecationWarning)
    try:
        app(prog_name="dmi-sim")
    except OSError as error:  # from --help: commands answer for their own
        sys.stderr.write(f"dmi-sim: {machine_problem(error)}\n")
        os._exit(ENVIRONMENT)  # without flushing once more what cannot be written
