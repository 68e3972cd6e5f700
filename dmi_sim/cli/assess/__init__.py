"""The commands ``dmi-sim assess ...``, one module each."""

import typer

from dmi_sim.cli.assess.exercises import exercises
from dmi_sim.cli.assess.hands import hands
from dmi_sim.cli.assess.ladder import ladder
from dmi_sim.cli.assess.responses import responses
from dmi_sim.cli.assess.segmental import segmental
from dmi_sim.cli.console import command

app = typer.Typer(
    help="Assess a policy, or reflexes alone. Simulation, not clinical evidence.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
for _assessment in (segmental, responses, ladder, exercises, hands):
    app.command()(command(_assessment, is_long=True))
