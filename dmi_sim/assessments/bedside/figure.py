"""The figure of a bedside examination: one row of pictures per infant, their curves beside."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dmi_sim.assessments.bedside.result import NOTICE, BedsideResult, ExaminedInfant
from dmi_sim.body.rotation import matrix_of, products, quaternions_of
from dmi_sim.physics.state import State
from dmi_sim.render.camera import Camera
from dmi_sim.render.picture_format import PictureFormat
from dmi_sim.render.plotting import canvas, require_format
from dmi_sim.render.series_style import series_styles
from dmi_sim.tables import MINUS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _HEIGHT, _DPI = 14.5, 6.8, 110
_SIDE_VIEW_RAD = PictureFormat().direction_rad[0] + np.pi / 2
"""Turn about the vertical that shows an infant from its right to the camera [rad]."""
SHOWN_S = 6.0
"""Duration of the pendulum curve that is drawn [s]."""


def draw_examinations(examined: Sequence[ExaminedInfant], path: Path) -> None:
    """Draw each infant in three tests, one row each, and beside them the findings in numbers.

    Args:
        examined: Infants with their results, the infant in question first.
        path: File that the figure is written into.

    Raises:
        InputError: If the file format cannot hold a figure.
    """
    require_format(path)
    with canvas(_WIDTH, _HEIGHT) as (figure, (axes,)):
        axes.remove()
        grid = figure.add_gridspec(len(examined), 4, width_ratios=(1, 1, 1, 1.3))
        for row, one in enumerate(examined):
            for column, (words, image) in enumerate(_pictures(one)):
                panel = figure.add_subplot(grid[row, column])
                _show(panel, f"{one.title}\n{words}" if column == 0 else f"\n{words}", image)
        _draw_swings(figure.add_subplot(grid[0, 3]), examined)
        if len(examined) > 1:
            _draw_bars(figure.add_subplot(grid[1, 3]), examined)
        age = examined[0].infant.config.age_months
        figure.suptitle(f"Bedside examination at {age:g} months", x=0.01, ha="left")
        figure.supxlabel(f"Orange: the examiner's hands. {NOTICE}", fontsize=10)
        figure.savefig(path, dpi=_DPI)


def _pictures(one: ExaminedInfant) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Pictures of three tests from the infant's right, each with its caption."""
    pull, prone = one.result.pull_to_sit, one.result.ventral_suspension
    seat, length = one.result.righting, one.infant.length_m
    lag, head, tilt = (
        round(np.degrees(angle)) + 0
        for angle in (pull.lag_rad, prone.head_rad, seat.forward_trunk_rad)
    )
    views = (
        (f"pull to sit: head {abs(lag)}° {'behind' if lag > 0 else 'ahead'}", pull.state, 0.0),
        (f"ventral suspension: head {head}°".replace("-", MINUS), prone.state, 0.35 * length),
        (f"seat tilted 15°: trunk {tilt}°", seat.state, 0.21 * length),
    )
    camera = Camera(one.infant)
    try:
        for words, state, middle_m in views:
            yield words, camera.picture(_side_view(state, length, middle_m))
    finally:
        camera.close()


def _side_view(state: State, length_m: float, middle_m: float) -> State:
    """The same state moved into the camera's view and turned to be seen from the side.

    Args:
        state: A state anywhere in the world.
        length_m: Length of the body [m].
        middle_m: Mean height at which to show the joints [m]; 0 leaves heights unchanged.
    """
    quat = quaternions_of(np.array([0.0, 0.0, _SIDE_VIEW_RAD]))
    turn, pos = matrix_of(quat), state.segment_pos_world
    lift = middle_m - float(pos[:, 2].mean()) if middle_m else 0.0
    here = np.array([*pos[:, :2].mean(axis=0), 0.0])
    there = np.array([0.1 * length_m, 0.0, lift])
    return replace(
        state,
        segment_pos_world=(pos - here) @ turn.T + there,
        segment_quat_world=products(quat, state.segment_quat_world),
        segment_matrix_world=turn @ state.segment_matrix_world,
        support_pos_world=(state.support_pos_world - here) @ turn.T + there,
    )


def _show(panel: "Axes", words: str, image: NDArray[np.uint8]) -> None:
    panel.imshow(image)
    panel.set_title(words, fontsize=11)
    panel.set_axis_off()


def _draw_swings(panel: "Axes", examined: Sequence[ExaminedInfant]) -> None:
    """Draw the curves of the pendulum test, left leg."""
    styles = series_styles(one.title for one in examined)
    for one, style in zip(examined, styles.values(), strict=True):
        curve = one.result.pendulum[0]
        flexion = np.degrees(curve.knee_flexion_rad)
        label = f"{one.title}: {curve.swings} swings"
        panel.plot(curve.time_s, flexion, color=style.colour, linestyle=style.line, label=label)
    panel.set_xlim(0, SHOWN_S)
    panel.set_title("pendulum test of the left leg")
    panel.set_xlabel("time [s]")
    panel.set_ylabel("knee flexion [°]")
    panel.invert_yaxis()
    panel.legend(loc="upper right")


def _draw_bars(panel: "Axes", examined: Sequence[ExaminedInfant]) -> None:
    """Draw the angles of the other findings side by side."""
    height = 0.8 / len(examined)
    for k, style in enumerate(series_styles(one.title for one in examined).values()):
        angles = _angles_deg(examined[k].result)
        positions = np.arange(len(angles)) + (k - (len(examined) - 1) / 2) * height
        panel.barh(positions, list(angles.values()), height, color=style.colour)
    labels = list(_angles_deg(examined[0].result))
    panel.set_yticks(range(len(labels)), labels)
    panel.invert_yaxis()
    panel.set_title("other angles")
    panel.set_xlabel("[°]")


def _angles_deg(result: BedsideResult) -> dict[str, float]:
    seat = result.righting
    angles = {
        "largest head lag": result.pull_to_sit.largest_lag_rad,
        "seat sideways: trunk": seat.sideways_trunk_rad,
        "seat sideways: head": seat.sideways_head_rad,
        "scarf sign, left": result.scarf_sign[0].crossing_rad,
        "popliteal angle, left": result.popliteal_angle[0].angle_rad,
        "dorsiflexion, left": result.dorsiflexion[0].angle_rad,
        "first swing, left": result.pendulum[0].first_swing_rad,
    }
    return {name: float(np.degrees(angle)) for name, angle in angles.items()}
