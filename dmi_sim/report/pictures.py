"""The pictures of a report, for its sections and for the files beside it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from dmi_sim.files import write_bytes
from dmi_sim.render.plotting import Picture
from dmi_sim.report.comparisons import Group
from dmi_sim.report.context import ReportContext
from dmi_sim.report.figures import assistance, forest, last_test, learning_curves
from dmi_sim.report.findings import LearningCurve
from dmi_sim.report.site_or_help import site_or_help_pictures
from dmi_sim.tables import with_unit

FIGURES = "figures"
"""Folder of the files, in that of the run."""
FILE_ENDINGS = ("svg", "pdf")


def write_figures(context: ReportContext, run_folder: Path) -> tuple[Path, ...]:
    """Write all pictures of a report as files, for a paper or a talk.

    Args:
        context: Numbers and titles of the report.
        run_folder: Folder of the run.

    Returns:
        The files; the same numbers give the same bytes.
    """
    return tuple(
        _written(picture, run_folder / FIGURES / f"{picture.name}.{ending}")
        for picture in all_pictures(context)
        for ending in FILE_ENDINGS
    )


def _written(picture: Picture, path: Path) -> Path:
    write_bytes(path, picture.file_bytes(path.suffix.removeprefix(".")))
    return path


def all_pictures(context: ReportContext) -> Iterator[Picture]:
    """All pictures of a report, in its order."""
    yield comparisons_picture(context)
    for pushed in (True, False):
        if curves_of(context, pushed):
            yield learning_picture(context, pushed)
    yield last_test_picture(context)
    yield from (assistance_picture(context, group) for group in context.findings.groups)
    yield from site_or_help_pictures(context)


def comparisons_picture(context: ReportContext) -> Picture:
    """All comparisons with their intervals."""
    found = context.findings
    margin = found.primary.equivalence_margin
    return forest(found.comparisons, context.titles, context.measure, margin, context.told_apart)


def curves_of(context: ReportContext, pushed: bool) -> Sequence[LearningCurve]:
    """Learning curves in tests with pushes, or in those without."""
    return context.findings.pushed if pushed else context.findings.calm


def learning_picture(context: ReportContext, pushed: bool) -> Picture:
    """Learning curves of all infants in one kind of tests."""
    measured = context.curve_measure
    label = with_unit(measured.title.capitalize(), measured.bracketed_unit)
    name = f"learning_{'pushed' if pushed else 'calm'}"
    curves = curves_of(context, pushed)
    bounds = measured.bounds
    return learning_curves(curves, context.titles, label, name, context.told_apart, bounds)


def last_test_picture(context: ReportContext) -> Picture:
    """Every infant at its last test."""
    curves = curves_of(context, context.findings.primary.pushed)
    return last_test(curves, context.titles, context.curve_measure, context.told_apart)


def assistance_picture(context: ReportContext, group: Group) -> Picture:
    """What the hands gave to one kind of infants during practice."""
    found = context.findings
    impulse, share = (
        [curve for curve in curves if curve.group == group]
        for curves in (found.impulse_n_s_per_h, found.weight_share)
    )
    name, about = f"hands_{found.groups.index(group)}", context.told_apart.get(group, "")
    return assistance(impulse, share, context.titles, name, about)
