"""What passes between a therapist and a child: a trial that is ordered, and what is seen of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trial:
    """What a therapist orders: one episode of an exercise.

    Attributes:
        exercise: Name of a file in ``envs/``.
        support: Site of the hands, one of those that the exercise offers, or ``none``.
        firmness: Firmness of the hands, 0 to 1, the ``support_strength`` of a reset.
        pushes: Whether the child is pushed.

    >>> Trial("sitting", support="pelvis", firmness=0.5).pushes
    False
    """

    exercise: str
    support: str = "none"
    firmness: float = 0.0
    pushes: bool = False


@dataclass(frozen=True)
class TrialRecord:
    """What a therapist sees of a trial; nothing here tells of the brain of the child.

    Attributes:
        trial: The trial that was ordered.
        age_months: Age of the child [months].
        is_success: Whether the exercise succeeded.
        completion: Share of the exercise that was completed, 0 to 1.
        fell: Whether the child fell.
        duration_s: Length of the episode [s].
        support_share: Mean share of body weight in the hands.
        support_impulse_n_s: Impulse of the hands over the episode [N s].
    """

    trial: Trial
    age_months: float
    is_success: bool
    completion: float
    fell: bool
    duration_s: float
    support_share: float
    support_impulse_n_s: float
