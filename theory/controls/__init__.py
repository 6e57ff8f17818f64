# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Negative controls: methods with one thing wrong, which the checks must object to.

Each is the right method with one part replaced, or with what it is told, or does, changed. A new
control is one function and one line in `CONTROLS`.

The positive part of the step has no control here. With f_* = f* and interpolation it never acts,
capped or not: by induction ``h_k = β m_{k-1}(x^k) + (1-β) f_k >= f*``, because no step goes below
``m_{k-1} = f*``. The tests of `momo.reference` cover it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from theory.case import Case
from theory.controls.adam import (
    frozen_bound_too_high,
    growing_bound_too_high,
    maximum_norm,
    maximum_norm_star,
    no_bias_correction,
    other_norm,
    other_norm_growing,
)
from theory.controls.capped import (
    always_capped,
    bound_four_times_off,
    cap_falls_early,
    cap_hundredth,
    steep_cap,
    step_doubled,
    step_tenth,
)
from theory.controls.momo import (
    bound_too_high,
    bound_updated_early,
    late_loss,
    ngn_m_far_too_long,
    no_truncation,
    no_weight,
    other_decay,
    stale_point,
    step_too_long,
    step_too_short,
    wrong_sign,
)
from theory.controls.nudged import nudged
from theory.engine import Stepper


@dataclass(frozen=True)
class Control:
    """A broken method.

    Attributes
    ----------
    name, method
        Its name, and the method whose place it takes.
    build
        Makes it.
    by
        The claims that must catch it. Where it is off by little more than the rounding that these
        allow, this pins what they allow: more would let it pass.
    fine
        Whether it is off by so little: a few steps show that.
    """

    name: str
    method: str
    build: Callable[[Case], Stepper]
    by: tuple[str, ...] = ()
    fine: bool = False

    @property
    def what(self) -> str:
        """What is wrong: the function's docstring."""
        return (self.build.__doc__ or "").strip().splitlines()[0]


COARSE = (
    Control("wrong_sign", "momo", wrong_sign),
    Control("no_truncation", "momo", no_truncation),
    Control("late_loss", "momo", late_loss),
    Control("other_decay", "momo", other_decay),
    Control("no_weight", "momo", no_weight),
    Control("bound_too_high", "momo", bound_too_high),
    Control("step_too_long", "momo", step_too_long),
    Control("step_too_short", "momo", step_too_short),
    Control("stale_point", "momo", stale_point),
    Control("always_capped", "momo_capped", always_capped),
    Control("cap_hundredth", "momo_capped", cap_hundredth),
    Control("step_doubled", "momo_capped", step_doubled),
    Control("step_tenth", "momo_capped", step_tenth),
    Control("cap_falls_early", "momo_diminishing", cap_falls_early),
    Control("small_steps", "momo_any_bound", cap_hundredth),
    Control("steep_cap", "momo_any_bound", steep_cap),
    Control("bound_four_times_off", "momo_wrong_bound", bound_four_times_off),
    Control("maximum_norm", "momo", maximum_norm),
    Control(
        "ngn_m_far_too_long",
        "ngn_m",
        ngn_m_far_too_long,
        ("ngn_m_summed", "ngn_m_rate", "ngn_m_published"),
    ),
    Control("maximum_norm_star", "momo_star", maximum_norm_star),
    Control("bound_updated_early", "momo_star", bound_updated_early),
    Control("no_bias_correction", "momo_adam", no_bias_correction),
    Control("other_norm", "momo_adam_frozen", other_norm),
    Control("frozen_bound_too_high", "momo_adam_frozen", frozen_bound_too_high),
    Control("other_norm_growing", "momo_adam_growing", other_norm_growing),
    Control("growing_bound_too_high", "momo_adam_growing", growing_bound_too_high),
)

RATES = ("summed", "rate", "rate_first_term", "rate_two_ends")
"""Reached on the resisting function, up to the solver's x*."""

FINE = tuple(
    # Each is some 30 times what is allowed, where it is caught best: far enough from rounding that
    # it is caught for sure, and too near for an allowance 100 times as large. That of the rates is
    # as much above what the solver leaves of the distance to x*.
    Control(f"{name}_nudged", method, nudged(method, longer, away), by or (name,), fine=True)
    for name, method, longer, away, by in (
        ("landing", "momo", 1e-11, 0.0, ()),
        ("fejer", "momo", 0.0, 2e-14, ()),
        ("summed", "momo", 0.0, 1e-10, RATES),
        ("sps", "momo", 3e-12, 0.0, ()),
        ("sgd_m", "momo", 1e-13, 0.0, ()),
        ("attained", "momo", 0.0, 1e-13, ()),
        ("norm_recursion", "momo", -5e-11, 0.0, ()),
        ("trapped", "momo", -6e-9, 0.0, ()),
        ("capped", "momo_capped", 1e-11, 0.0, ()),
        ("ngn_m_step", "ngn_m", 1e-13, 0.0, ()),
        ("online_bound", "momo_star", 3e-12, 0.0, ()),
        ("adam", "momo_adam", 1e-11, 0.0, ()),
        ("frozen_fejer", "momo_adam_frozen", 0.0, 1e-13, ()),
        ("growing_fejer", "momo_adam_growing", 0.0, 1e-13, ()),
    )
)

CONTROLS: dict[str, Control] = {control.name: control for control in (*COARSE, *FINE)}
