"""The report of a run, whatever kind of study it is of."""

from pathlib import Path

from dmi_sim.catalog import Catalog
from dmi_sim.report.html import write_report
from dmi_sim.report.programme_run import write_run_report
from dmi_sim.spec.studies import ProgrammeStudySpec
from dmi_sim.study.store import read_manifest, vouch_for_outputs


def write_any_report(run: Path, catalog: Catalog | None = None) -> Path:
    """Write the report of a run into its folder; the manifest then holds its hash.

    Args:
        run: Folder of a run, finished or not.
        catalog: Source of the model files that the run used; the shipped ones if None.

    Returns:
        The file of the report.

    Raises:
        InputError: If the folder is not one of a run, or no cell of it is finished.
    """
    if not isinstance(read_manifest(run).spec, ProgrammeStudySpec):
        return write_report(run, catalog)
    path = write_run_report(run, catalog)
    vouch_for_outputs(run)
    return path
