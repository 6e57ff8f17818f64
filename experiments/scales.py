# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Scales of workloads as plain values, which are a part of a run's identity, and back.

A scale is a frozen dataclass with ``build(data folder or None) -> Task``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, field, fields
from typing import Any

HELD_OUT = "validation"
"""The field of a scale with the share of the training samples that is held out."""


def later(default: Any) -> Any:
    """Return a field that a scale got when there were records already.

    It is a part of the identity where it is not the default, which is what there was before: so the
    ids of those records stay what they are.
    """
    return field(default=default, metadata={"later": True})


def values_of(scale: Any) -> dict[str, Any]:
    """Return the fields of a scale as JSON values; those of `later` only if not the default."""
    same = {f.name for f in fields(scale) if f.metadata and getattr(scale, f.name) == f.default}
    found: dict[str, Any] = json.loads(json.dumps(asdict(scale)))
    return {name: value for name, value in found.items() if name not in same}


def scale_of(kind: Callable[..., Any], values: Mapping[str, Any]) -> Any:
    """Return the scale with these values, as `values_of` gave them.

    Raises
    ------
    ValueError
        If it has no such field.
    """
    try:
        return kind(**{name: _hashable(value) for name, value in values.items()})
    except TypeError as error:
        raise ValueError(f"scale = {dict(values)} cannot be built: {error}") from None


def _hashable(value: Any) -> Any:
    return tuple(map(_hashable, value)) if isinstance(value, list) else value
