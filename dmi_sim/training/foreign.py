"""Controllers from elsewhere: models of stable-baselines3, ONNX files, Python functions.

Such a controller brings no names of what it sees and moves, so only shapes and bounds can be
checked. Whatever it raises, and whatever it answers that is no action, is told as its own fault.

A model file of stable-baselines3 holds pickles, and ``module:function`` is code: both run what they
hold. Take them from people you trust. ONNX files and our own bundles hold numbers only.
"""

import json
import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from gymnasium.spaces import Box
from numpy.typing import NDArray

from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.rollout.controllers import Action, Controller, ControllerState, Observation
from dmi_sim.rollout.environment import Env, environment_id

_FUNCTION = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
"""``module:function``; a drive letter alone is no module of ours: ``C:name`` must not exist."""

_ALGORITHMS = {
    "stable_baselines3.common.policies": ("stable_baselines3", "PPO"),
    "stable_baselines3.sac.policies": ("stable_baselines3", "SAC"),
    "stable_baselines3.td3.policies": ("stable_baselines3", "TD3"),
    "stable_baselines3.dqn.policies": ("stable_baselines3", "DQN"),
    "sb3_contrib.common.recurrent.policies": ("sb3_contrib", "RecurrentPPO"),
    "sb3_contrib.ars.policies": ("sb3_contrib", "ARS"),
    "sb3_contrib.crossq.policies": ("sb3_contrib", "CrossQ"),
    "sb3_contrib.qrdqn.policies": ("sb3_contrib", "QRDQN"),
    "sb3_contrib.tqc.policies": ("sb3_contrib", "TQC"),
}
"""Package and class that read a model file, by the module of its policy: A2C and TRPO have the
policy of PPO, DDPG that of TD3."""


@dataclass(frozen=True)
class ForeignController:
    """A controller from elsewhere whose answers are checked.

    Args:
        source: Name of it in messages.
        answer: Its own ``predict``.
        space: Space of the actions.
    """

    source: str
    answer: Callable[..., Any]
    space: Box

    def predict(
        self,
        observation: Observation,
        state: ControllerState = None,
        episode_start: NDArray[np.bool_] | None = None,
        deterministic: bool = True,
    ) -> tuple[Action, ControllerState]:
        """The action for an observation, within its bounds, and what to remember.

        Raises:
            InputError: If the controller raises, or answers with no action.
        """
        try:
            action, state = self.answer(
                observation, state=state, episode_start=episode_start, deterministic=deterministic
            )
            given = np.asarray(action, dtype=np.float32)
        except Exception as error:
            raise InputError(f"{self.source}: {_one_line(error)}") from error
        expected = (*observation.shape[:-1], *self.space.shape)
        if given.shape != expected:
            raise InputError(f"{self.source}: action of shape {given.shape}, not {expected}")
        if not np.isfinite(given).all():
            raise InputError(f"{self.source}: action with a value that is not finite")
        return np.clip(given, self.space.low, self.space.high), state


def is_foreign(source: str | Path) -> bool:
    """Whether a controller is something else than one of our bundles.

    >>> [is_foreign(one) for one in ("sitting_0", "best.zip", "net.onnx", "mine:act", "runs/a")]
    [False, True, True, True, False]
    """
    path, name = Path(source), str(source)
    is_named = bool(_FUNCTION.fullmatch(name)) and not path.exists()
    return is_named or (path.suffix in _FILES and not path.is_dir())


def load_foreign(source: str | Path, env: Env) -> Controller:
    """A controller from elsewhere, if its shapes fit an environment.

    Args:
        source: A model file of stable-baselines3 (``.zip``), an ONNX file (``.onnx``), or
            ``module:name`` of a function from an observation to an action, of an object with the
            ``predict`` of stable-baselines3, or of a class of such objects.
        env: Environment in which it is to act.

    Raises:
        InputError: In one line, if it cannot be loaded or does not fit.
    """
    space = env.action_space
    if not isinstance(space, Box):
        raise InputError(f"{environment_id(env)}: actions are no Box, but {space}")
    path = Path(source)
    if path.suffix not in _FILES:
        return ForeignController(str(source), _function(str(source)), space)
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    return ForeignController(str(path), _FILES[path.suffix](path, env), space)


def _sb3(path: Path, env: Env) -> Callable[..., Any]:
    """The ``predict`` of a model file of stable-baselines3; loading it runs its pickles."""
    package, name = _algorithm(path)
    if find_spec(package) is None:
        install = f"pip install {package}"
        raise InputError(f"{path}: made by {package}, which is not installed: {install}")
    algorithm = getattr(import_module(package), name)
    try:
        model = algorithm.load(path, device="cpu")
    except Exception as error:
        raise InputError(f"{path}: not read by {package}'s {name}: {_one_line(error)}") from error
    for side in ("observation", "action"):
        theirs, ours = (getattr(one, f"{side}_space") for one in (model, env))
        if type(theirs) is not type(ours) or theirs.shape != ours.shape:
            raise InputError(f"{path}: {side} space {theirs}, but {environment_id(env)} has {ours}")
    return model.predict


def _algorithm(path: Path) -> tuple[str, str]:
    """Package and class that read a model file, told without opening a pickle."""
    try:
        with zipfile.ZipFile(path) as archive:
            if "architecture.json" in archive.namelist():
                raise InputError(f"{path}: the network of a bundle; give the bundle's folder")
            broken = archive.testzip()
            if broken:
                raise InputError(f"{path}: damaged: wrong checksum of {broken}")
            module = json.loads(archive.read("data"))["policy_class"]["__module__"]
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, OSError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{path}: no whole model file of stable-baselines3: {_one_line(error)}"
        ) from error
    if module not in _ALGORITHMS:
        raise InputError(f"{path}: a policy of {module}; known are {', '.join(_ALGORITHMS)}")
    return _ALGORITHMS[module]


def _onnx(path: Path, env: Env) -> Callable[..., Any]:
    """The ``predict`` of an ONNX file: first input the observations, first output the actions."""
    if find_spec("onnxruntime") is None:
        raise InputError(f"{path}: onnxruntime is not installed: pip install 'dmi-sim[onnx]'")
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(
            path.read_bytes(), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:
        raise InputError(f"{path}: no whole ONNX file: {_one_line(error)}") from error
    inputs, size = session.get_inputs(), (env.observation_space.shape or (0,))[-1]
    if len(inputs) != 1:
        raise InputError(f"{path}: takes {len(inputs)} inputs, not one array of observations")
    wanted = inputs[0].shape
    if not wanted or (wanted[-1] not in (size, None) and not isinstance(wanted[-1], str)):
        raise InputError(f"{path}: takes observations of shape {wanted}, not of {size} numbers")
    has_rows = len(wanted) == 2

    def predict(
        observation: Observation, state: ControllerState = None, **_: Any
    ) -> tuple[Action, ControllerState]:
        rows = np.atleast_2d(observation) if has_rows else observation
        action: Any = session.run(None, {inputs[0].name: rows.astype(np.float32)})[0]
        return action[0] if has_rows and observation.ndim == 1 else action, state

    zero = np.zeros(size, np.float32)
    ForeignController(str(path), predict, _box(env)).predict(zero)
    return predict


def _box(env: Env) -> Box:
    assert isinstance(env.action_space, Box)
    return env.action_space


_FILES: dict[str, Callable[[Path, Env], Callable[..., Any]]] = {".zip": _sb3, ".onnx": _onnx}
"""Readers of files by their suffix."""


def _function(source: str) -> Callable[..., Any]:
    """The ``predict`` of something in a module; modules beside the caller are found too."""
    module_name, _, name = source.partition(":")
    module = _imported(source, module_name)
    if not hasattr(module, name):
        public = [one for one in vars(module) if not one.startswith("_")]
        raise InputError(f"{source}: no '{name}' in {module_name}; {did_you_mean(name, public)}")
    found = getattr(module, name)
    if isinstance(found, type):
        try:
            found = found()
        except Exception as error:
            raise InputError(f"{source}: cannot be made: {_one_line(error)}") from error
    if hasattr(found, "predict"):
        return found.predict
    if not callable(found):
        raise InputError(
            f"{source}: of type {type(found).__name__}, neither a function nor with predict"
        )
    return lambda observation, state=None, **_: (found(observation), state)


def _imported(source: str, module_name: str) -> Any:
    here = str(Path.cwd())
    sys.path.insert(0, here)
    try:
        return import_module(module_name)
    except ModuleNotFoundError as error:
        raise InputError(f"{source}: no module '{error.name}' here nor installed") from error
    except Exception as error:
        raise InputError(f"{source}: cannot be imported: {_one_line(error)}") from error
    finally:
        sys.path.remove(here)


def _one_line(error: Exception) -> str:
    """Kind and reason of an error in one line."""
    reason = " ".join(str(error).split())
    return f"{type(error).__name__}: {reason[:300]}" if reason else type(error).__name__
