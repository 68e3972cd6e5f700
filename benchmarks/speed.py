"""Measure speed on one core beside Gymnasium's HumanoidStandup, as `dmi-sim bench` does.

Usage: python benchmarks/speed.py [--json] [--learning] [--rounds N] [--exercise NAME]
       [--history benchmarks/history.csv [--allow-dirty]]
"""

import typer

from dmi_sim.cli.bench import bench
from dmi_sim.cli.console import command

if __name__ == "__main__":
    typer.run(command(bench))
