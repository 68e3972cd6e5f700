"""From the finished cells of a run to its report: statistics, figures, replay, one HTML file."""

from pathlib import Path

__all__ = ["write_report"]


def write_report(run_folder: Path) -> Path:
    """Write ``report.html`` into the folder of a run; see :mod:`dmi_sim.report.html`.

    Raises:
        InputError: If the folder is not one of a run, or no cell of it is finished.
    """
    from dmi_sim.report import html

    return html.write_report(run_folder)
