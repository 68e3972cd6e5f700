"""Parameters of terms are checked against the signature of their function."""

from dmi_sim.env.context import StepContext, unknown_params


def term(context: StepContext, *, width_rad: float, floor: float = 0.0) -> float:
    return context.body_length_m * width_rad + floor


def test_parameters_that_fit_are_fine() -> None:
    assert unknown_params(term, {"width_rad": 0.3}) == ""
    assert unknown_params(term, {"width_rad": 0.3, "floor": 0.1}) == ""


def test_a_missing_parameter_is_named() -> None:
    assert unknown_params(term, {"floor": 0.1}) == "parameter 'width_rad' is missing"


def test_an_unknown_parameter_names_the_nearest() -> None:
    problem = unknown_params(term, {"width_deg": 20.0})
    assert problem == "unknown parameter 'width_deg'; did you mean 'width_rad'?"


def test_the_moment_itself_is_no_parameter() -> None:
    assert "unknown parameter 'moment'" in unknown_params(term, {"moment": 1.0, "width_rad": 1})
