"""The laws; a new one is one file, and one line here."""

from __future__ import annotations

from momo.conformance.catalogue import (
    capped_is_the_base,
    dual_norm,
    scaling,
    step_size_nonnegative,
    torch_equals_reference,
)
from momo.conformance.law import Law

LAWS: dict[str, Law] = {
    module.LAW.name: module.LAW
    for module in (
        torch_equals_reference,
        capped_is_the_base,
        dual_norm,
        step_size_nonnegative,
        scaling,
    )
}
"""All laws, in the order of the table."""
