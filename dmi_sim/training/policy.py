"""A trained policy as plain arrays: fast for one infant at a time, and safe to load.

stable-baselines3 needs about a tenth of a millisecond and torch to answer one observation; these
three matrix products need some microseconds and numpy. Stored as arrays and JSON in a zip, never
as pickle, so that loading a file cannot run code.
"""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dmi_sim.errors import InputError
from dmi_sim.rollout.controllers import Action, ControllerState, Observation

if TYPE_CHECKING:
    from stable_baselines3.common.policies import ActorCriticPolicy

Array: TypeAlias = NDArray[np.float32]
Activation: TypeAlias = Literal["tanh", "relu"]

_ACTIVATIONS: Mapping[str, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, np.float32(0)),
}
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a fixed date in the zip: equal policies give equal bytes
_DAMAGED = (zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError, NotImplementedError)


@dataclass(frozen=True, eq=False)
class NumpyPolicy:
    """The mean action of a Gaussian policy: a small fully connected network.

    It answers as a model of stable-baselines3 does and can be passed to that library's
    ``evaluate_policy``.

    Args:
        weights: One matrix per layer, shape (outputs, inputs); the last layer gives the action.
        biases: One vector per layer, shape (outputs,).
        activation: Activation function of every layer but the last.
        low: Smallest action, shape (n_actions,).
        high: Largest action, shape (n_actions,).

    >>> one = np.ones(1, np.float32)
    >>> policy = NumpyPolicy((np.array([[2, 0]], np.float32),), (0 * one,), "tanh", -one, one)
    >>> policy.predict(np.array([0.25, 7], np.float32))
    (array([0.5], dtype=float32), None)
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    activation: Activation
    low: Array
    high: Array

    def predict(
        self,
        observation: Observation | dict[str, Observation],
        state: ControllerState = None,
        episode_start: NDArray[np.bool_] | None = None,
        deterministic: bool = True,
    ) -> tuple[Action, ControllerState]:
        """The action for one observation or for a batch of them.

        Args:
            observation: One observation, shape (n_observations,), or a batch, shape
                (n, n_observations); a dictionary is refused.
            state: Given back as it is: the network remembers nothing.
            episode_start: Not used, for the same reason.
            deterministic: Must be true: the policy holds the mean action, not its spread.

        Returns:
            Action within its bounds, shape (n_actions,) or (n, n_actions), and the state.

        Raises:
            InputError: If a random action is asked for, or observations come as a dictionary.
        """
        if isinstance(observation, dict):
            raise InputError("this policy takes one array of observations, not a dictionary")
        if not deterministic:
            raise InputError(
                "deterministic=False: this policy knows only its mean action; ask for that"
            )
        activation = _ACTIVATIONS[self.activation]
        signal = observation
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            signal = activation(_layer(weight, bias, signal))
        action = _layer(self.weights[-1], self.biases[-1], signal)
        return np.minimum(np.maximum(action, self.low), self.high), state

    @property
    def observation_shape(self) -> tuple[int]:
        """Shape of the observations that it answers."""
        return (self.weights[0].shape[1],)

    @property
    def action_shape(self) -> tuple[int]:
        """Shape of its actions."""
        return self.low.shape

    def to_bytes(self) -> bytes:
        """A zip of ``.npy`` arrays and ``architecture.json``; equal policies give equal bytes."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            architecture = {"activation": self.activation, "layers": len(self.weights)}
            _put(archive, "architecture.json", json.dumps(architecture).encode())
            for name, array in _named_arrays(self).items():
                _put(archive, f"{name}.npy", _npy(array))
        return buffer.getvalue()


def policy_from_bytes(data: bytes) -> NumpyPolicy:
    """The policy that :meth:`NumpyPolicy.to_bytes` wrote.

    Raises:
        InputError: If the bytes are cut off, damaged or something else.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            architecture = json.loads(archive.read("architecture.json"))
            layers = range(int(architecture["layers"]))
            return NumpyPolicy(
                weights=tuple(_array(archive, f"weight_{layer}") for layer in layers),
                biases=tuple(_array(archive, f"bias_{layer}") for layer in layers),
                activation=_known_activation(architecture["activation"]),
                low=_array(archive, "low"),
                high=_array(archive, "high"),
            )
    except _DAMAGED as error:
        raise InputError(f"not a whole policy file: {error}") from error


def policy_from_torch(policy: "ActorCriticPolicy", activation: Activation) -> NumpyPolicy:
    """A copy of the present weights of a policy of stable-baselines3.

    Args:
        policy: An ``MlpPolicy`` with a Box of actions.
        activation: Activation function that it was built with.
    """
    hidden = dict(policy.mlp_extractor.policy_net.named_parameters())
    layers = sorted({int(name.partition(".")[0]) for name in hidden})
    output = dict(policy.action_net.named_parameters())
    space: Any = policy.action_space
    return NumpyPolicy(
        weights=(*(_copy(hidden[f"{i}.weight"]) for i in layers), _copy(output["weight"])),
        biases=(*(_copy(hidden[f"{i}.bias"]) for i in layers), _copy(output["bias"])),
        activation=activation,
        low=np.array(space.low, dtype=np.float32),
        high=np.array(space.high, dtype=np.float32),
    )


def _layer(weight: Array, bias: Array, signal: Array) -> Array:
    """Outputs of a layer for one vector of inputs, or for a row of them per observation."""
    return weight @ signal + bias if signal.ndim == 1 else signal @ weight.T + bias


def _copy(parameter: Any) -> Array:
    return np.array(parameter.detach().cpu().numpy(), dtype=np.float32)


def _named_arrays(policy: NumpyPolicy) -> dict[str, Array]:
    layers = {f"weight_{i}": weight for i, weight in enumerate(policy.weights)}
    layers |= {f"bias_{i}": bias for i, bias in enumerate(policy.biases)}
    return {**layers, "low": policy.low, "high": policy.high}


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, date_time=_EPOCH), data)


def _npy(array: Array) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _array(archive: zipfile.ZipFile, name: str) -> Array:
    array = np.load(io.BytesIO(archive.read(f"{name}.npy")), allow_pickle=False)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} is not finite")
    return array.astype(np.float32)


def _known_activation(name: str) -> Activation:
    if name == "tanh" or name == "relu":
        return name
    raise ValueError(f"unknown activation {name!r}")
