"""A trained policy as plain arrays: fast for one infant at a time, and safe to load.

Beside the network that acts it holds what is needed to act at random and to go on training: the
spread of its actions, and the network that estimates the value of an observation. A policy may lack
either; those that were shipped first do.

stable-baselines3 needs about a tenth of a millisecond and torch to answer one observation; these
three matrix products need some microseconds and numpy. Stored as arrays and JSON in a zip, never
as pickle, so that loading a file cannot run code.
"""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from dmi_sim.errors import InputError
from dmi_sim.rollout.controllers import Action, ControllerState, Observation

if TYPE_CHECKING:
    from stable_baselines3.common.policies import ActorCriticPolicy

Array: TypeAlias = NDArray[np.float32]
Activation: TypeAlias = Literal["tanh", "relu"]

Output: TypeAlias = Literal["clip", "tanh"]
"""How the last layer becomes an action: cut off at the bounds, or squashed between them."""

_ACTIVATIONS: Mapping[str, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, np.float32(0)),
}
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a fixed date in the zip: equal policies give equal bytes
_DAMAGED = (zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError, NotImplementedError)


@dataclass(frozen=True, eq=False)
class NumpyPolicy:
    """A policy as a small fully connected network.

    It answers as a model of stable-baselines3 does and can be passed to that library's
    ``evaluate_policy``.

    Args:
        weights: One matrix per layer, shape (outputs, inputs); the last layer gives the action.
        biases: One vector per layer, shape (outputs,).
        activation: Activation function of every layer but the last.
        low: Smallest action, shape (n_actions,).
        high: Largest action, shape (n_actions,).
        output: How the last layer becomes an action.
        log_std: Natural logarithm of the standard deviation of each action, shape (n_actions,);
            None if it is not known.
        value_weights: Matrices of the network that estimates the value; empty if there is none.
        value_biases: Its vectors.
        rng: Generator of random actions; one of its own, seeded by the machine, by default.

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
    output: Output = "clip"
    log_std: Array | None = None
    value_weights: tuple[Array, ...] = ()
    value_biases: tuple[Array, ...] = ()
    rng: np.random.Generator = field(default_factory=np.random.default_rng, repr=False)

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
            deterministic: Whether to give the mean action instead of drawing one around it.

        Returns:
            Action within its bounds, shape (n_actions,) or (n, n_actions), and the state.

        Raises:
            InputError: If observations have another shape or come as a dictionary, or a random
                action is asked for whose spread the policy does not hold.
        """
        observed = self._checked(observation)
        action = _forward(self.weights, self.biases, self.activation, observed)
        if not deterministic:
            action = action + self._deviation(action.shape)
        return self._bounded(action), state

    def values(self, observation: Observation) -> Array:
        """The estimated value of one observation or of each in a batch, shape () or (n,).

        Raises:
            InputError: If the policy holds no network for it, or observations do not fit.
        """
        if not self.value_weights:
            raise InputError("this policy holds no estimate of values")
        observed = self._checked(observation)
        return _forward(self.value_weights, self.value_biases, self.activation, observed)[..., 0]

    def seed(self, seed: int) -> "NumpyPolicy":
        """The same policy with a generator of random actions that begins at a seed."""
        return replace(self, rng=np.random.default_rng(seed))

    def _checked(self, observation: Observation | dict[str, Observation]) -> Observation:
        if isinstance(observation, dict):
            raise InputError("this policy takes one array of observations, not a dictionary")
        observed, size = np.asarray(observation, np.float32), self.weights[0].shape[1]
        if observed.ndim not in (1, 2) or observed.shape[-1] != size:
            raise InputError(
                f"observation: shape {observed.shape}; this policy takes ({size},) or (n, {size})"
            )
        return observed

    def _deviation(self, shape: tuple[int, ...]) -> Array:
        if self.log_std is None:
            raise InputError(
                "deterministic=False: this policy knows its mean action only, not the spread "
                "around it; ask for deterministic=True"
            )
        return np.exp(self.log_std) * self.rng.standard_normal(shape, dtype=np.float32)

    def _bounded(self, action: Array) -> Action:
        if self.output == "clip":
            return np.minimum(np.maximum(action, self.low), self.high)
        share = np.float32(0.5) * (np.tanh(action) + np.float32(1))
        return (self.low + share * (self.high - self.low)).astype(np.float32)

    @property
    def net_arch(self) -> tuple[int, ...]:
        """Width of each hidden layer."""
        return tuple(weight.shape[0] for weight in self.weights[:-1])

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
            _put(archive, "architecture.json", json.dumps(_architecture(self)).encode())
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
            policy = NumpyPolicy(
                *_layers(archive, "", int(architecture["layers"])),
                activation=_known(architecture["activation"], Activation, "activation"),
                low=_array(archive, "low"),
                high=_array(archive, "high"),
                output=_known(architecture.get("output", "clip"), Output, "output"),
                log_std=_array(archive, "log_std") if "log_std.npy" in archive.namelist() else None,
            )
            values = _layers(archive, "value_", int(architecture.get("value_layers", 0)))
            policy = replace(policy, value_weights=values[0], value_biases=values[1])
        _refuse_broken_chain(policy)
    except _DAMAGED as error:
        raise InputError(f"not a whole policy file: {error}") from error
    return policy


def policy_from_torch(policy: "ActorCriticPolicy", activation: Activation) -> NumpyPolicy:
    """A copy of the present weights of a policy of stable-baselines3.

    Args:
        policy: An ``MlpPolicy`` with a Box of actions.
        activation: Activation function that it was built with.
    """
    space: Any = policy.action_space
    acting = linear_layers(policy.mlp_extractor.policy_net, policy.action_net)
    valuing = linear_layers(policy.mlp_extractor.value_net, policy.value_net)
    return NumpyPolicy(
        tuple(_copy(layer.weight) for layer in acting),
        tuple(_copy(layer.bias) for layer in acting),
        activation,
        low=np.array(space.low, dtype=np.float32),
        high=np.array(space.high, dtype=np.float32),
        log_std=_copy(policy.log_std),
        value_weights=tuple(_copy(layer.weight) for layer in valuing),
        value_biases=tuple(_copy(layer.bias) for layer in valuing),
    )


def linear_layers(*parts: Any) -> list[Any]:
    """The linear layers of modules of torch, in order."""
    from torch import nn

    return [layer for part in parts for layer in part.modules() if isinstance(layer, nn.Linear)]


def _forward(
    weights: Sequence[Array], biases: Sequence[Array], activation: Activation, signal: Array
) -> Array:
    """Output of a network without activation function after the last layer."""
    activated = _ACTIVATIONS[activation]
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        signal = activated(_layer(weight, bias, signal))
    return _layer(weights[-1], biases[-1], signal)


def _layer(weight: Array, bias: Array, signal: Array) -> Array:
    """Outputs of a layer for one vector of inputs, or for a row of them per observation."""
    return weight @ signal + bias if signal.ndim == 1 else signal @ weight.T + bias


def _copy(parameter: Any) -> Array:
    return np.array(parameter.detach().cpu().numpy(), dtype=np.float32)


def _architecture(policy: NumpyPolicy) -> dict[str, object]:
    """What the arrays do not tell; a policy without more than its mean action says no more."""
    told: dict[str, object] = {"activation": policy.activation, "layers": len(policy.weights)}
    if policy.output != "clip":
        told["output"] = policy.output
    if policy.value_weights:
        told["value_layers"] = len(policy.value_weights)
    return told


def _named_arrays(policy: NumpyPolicy) -> dict[str, Array]:
    named = {f"weight_{i}": weight for i, weight in enumerate(policy.weights)}
    named |= {f"bias_{i}": bias for i, bias in enumerate(policy.biases)}
    named |= {"low": policy.low, "high": policy.high}
    if policy.log_std is not None:
        named["log_std"] = policy.log_std
    named |= {f"value_weight_{i}": weight for i, weight in enumerate(policy.value_weights)}
    return named | {f"value_bias_{i}": bias for i, bias in enumerate(policy.value_biases)}


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


def _layers(
    archive: zipfile.ZipFile, kind: str, count: int
) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    weights, biases = (
        tuple(_array(archive, f"{kind}{part}_{layer}") for layer in range(count))
        for part in ("weight", "bias")
    )
    return weights, biases


def _known(name: object, kind: Any, what: str) -> Any:
    if name in get_args(kind):
        return name
    raise ValueError(f"unknown {what} {name!r}")


def _refuse_broken_chain(policy: NumpyPolicy) -> None:
    """Refuse layers of which one does not take what the one before gives.

    Raises:
        ValueError: Naming the first.
    """
    _refuse_broken_layers("layer", policy.weights, policy.biases, policy.low.shape)
    if policy.value_weights:
        _refuse_broken_layers("value layer", policy.value_weights, policy.value_biases, (1,))
    if policy.high.shape != policy.low.shape:
        raise ValueError(f"high has shape {policy.high.shape}, low {policy.low.shape}")
    if policy.log_std is not None and policy.log_std.shape != policy.low.shape:
        raise ValueError(f"log_std has shape {policy.log_std.shape}, low {policy.low.shape}")


def _refuse_broken_layers(
    kind: str, weights: Sequence[Array], biases: Sequence[Array], output: tuple[int, ...]
) -> None:
    sizes = [*(weight.shape[-1] for weight in weights[1:]), *output]
    for number, (weight, bias, size) in enumerate(zip(weights, biases, sizes, strict=True)):
        if weight.ndim != 2 or weight.shape[0] != size or bias.shape != (size,):
            raise ValueError(
                f"{kind} {number}: shapes {weight.shape}, {bias.shape}, not {size} out"
            )
