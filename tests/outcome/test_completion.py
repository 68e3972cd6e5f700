"""Success and falls are told beside each other."""

from dmi_sim.outcome.completion import completion, fell, success
from tests.outcome.recordings import recording


def test_an_infant_that_walks_and_then_falls_did_both() -> None:
    walked = recording(is_success=True, completion=1.0, fell=True)
    assert (success(walked), completion(walked), fell(walked)) == (1.0, 1.0, 1.0)


def test_an_infant_that_falls_on_the_way_has_done_a_part() -> None:
    on_the_way = recording(is_success=False, completion=0.4, fell=True)
    assert (success(on_the_way), completion(on_the_way), fell(on_the_way)) == (0.0, 0.4, 1.0)
