"""Reward terms that count as far as the belly faces down: what is to be done once turned over.

On the back, arms are free and a head is soon lifted: if that earned as much there, it would pay to
stay, and to turn over the arms, which are in the way for a moment, would cost. So these are 0 up to
lying on a side.
"""

from dmi_sim.anatomy import UPPER_THORAX, SegmentName
from dmi_sim.env.context import StepContext
from dmi_sim.env.criteria import arms_free, head_lift
from dmi_sim.env.rewards import reward_term, segment_righted
from dmi_sim.env.shaping import Positive


@reward_term
def prone_arms_free(context: StepContext, *, beside: Positive = 0.8) -> float:
    """As far as the chest faces down, 1 while no arm is under it; see :func:`.arms_free`."""
    return _facing_down(context) * arms_free(context, beside=beside)


@reward_term
def prone_head_lift(context: StepContext, *, resting: float, lifted: float) -> float:
    """As far as the chest faces down, the lift of the head; see :func:`.head_lift`."""
    return _facing_down(context) * head_lift(context, resting=resting, lifted=lifted)


@reward_term
def prone_segment_righted(context: StepContext, *, segment: SegmentName) -> float:
    """As far as the chest faces down, how upright a segment is; see :func:`.segment_righted`.

    A neck that stretches turns the head up before it lifts it: while the head bears weight, it is
    the chest that moves.
    """
    return _facing_down(context) * segment_righted(context, segment=segment)


def _facing_down(context: StepContext) -> float:
    """Sine of the turn of the chest beyond lying on a side: 0 there and on the back, 1 if prone."""
    return max(0.0, -float(context.state.segment_matrix_world[UPPER_THORAX, 2, 0]))
