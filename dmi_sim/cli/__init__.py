"""The command line ``dmi-sim``: one module per group of commands, heavy imports inside them.

Only typer is imported here, so that ``dmi-sim --help`` answers at once.
"""

import sys

import typer

from dmi_sim.cli import (
    assess,
    catalog,
    conditions,
    demand,
    examine,
    lessons,
    machine,
    policies,
    replays,
    speed,
    studies,
)
from dmi_sim.cli.console import command

app = typer.Typer(
    name="dmi-sim",
    help="Simulated infants in a therapist's hands. Simulation, not clinical evidence.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("list")(command(catalog.list_files))
app.command()(command(catalog.check))
app.command()(command(catalog.schema))
app.command()(command(machine.doctor))
app.command()(command(conditions.card))
app.command()(command(demand.demand))
app.command()(command(examine.examine))
app.add_typer(assess.app, name="assess")
app.command()(command(policies.train))
app.command()(command(policies.evaluate))
app.command()(command(lessons.policies))
app.command()(command(studies.study))
app.command()(command(studies.report))
app.command()(command(replays.replay))
app.command()(command(speed.bench))


def main() -> None:
    """Run the command in ``sys.argv`` and exit with its code."""
    sys.exit(app(prog_name="dmi-sim"))
