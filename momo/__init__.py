# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Momentum models for adaptive learning rates (MoMo, arXiv 2305.07583).

``from momo import Momo, MomoAdam`` gives the torch optimizers; torch is imported by that line, not
by ``import momo``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from momo import installed

if TYPE_CHECKING:
    from momo.optim import Momo, MomoAdam

__version__ = "0.1.0"
__all__ = ["Momo", "MomoAdam"]

installed.at_import()


if not TYPE_CHECKING:  # it would take any name for one

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import momo.optim

        return getattr(momo.optim, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
