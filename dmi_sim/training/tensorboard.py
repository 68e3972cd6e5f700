"""TensorBoard, where it is asked for and installed."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from dmi_sim.errors import InputError

if TYPE_CHECKING:
    from stable_baselines3.common.logger import Logger


def require_tensorboard() -> None:
    """Refuse to log to TensorBoard where it is not installed.

    Raises:
        InputError: Naming what to install.
    """
    if find_spec("tensorboard") is None:
        raise InputError("tensorboard is not installed: pip install 'dmi-sim[tensorboard]'")


def tensorboard_logger(folder: Path) -> "Logger":
    """A logger of stable-baselines3 that writes for TensorBoard only.

    Args:
        folder: Folder of the events, made if needed.

    Raises:
        InputError: If TensorBoard is not installed.
    """
    from stable_baselines3.common.logger import configure

    require_tensorboard()
    return configure(str(folder), ["tensorboard"])
