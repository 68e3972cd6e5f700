"""``python -m dmi_sim``: the command line."""

from dmi_sim.cli import main

main()
