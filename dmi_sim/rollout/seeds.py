"""Seeds of episodes: training draws its own below 2**31, evaluation has those from there on."""

from dmi_sim.errors import InputError

FIRST_EVALUATION_SEED = 2**31
"""Training seeds environments below this number, evaluation from here on."""


def evaluation_seeds(episodes: int) -> tuple[int, ...]:
    """The fixed seeds of an evaluation: 2**31 and those that follow.

    They are unseen by every policy, since training stays below
    (:func:`dmi_sim.training.ppo.chunk_seed`), and the same for all.

    >>> evaluation_seeds(2)
    (2147483648, 2147483649)

    Raises:
        InputError: If there is no episode.
    """
    if episodes < 1:
        raise InputError(f"episodes = {episodes} must be at least 1")
    return tuple(range(FIRST_EVALUATION_SEED, FIRST_EVALUATION_SEED + episodes))
