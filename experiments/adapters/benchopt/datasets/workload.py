# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A workload as a data set of benchopt."""

from __future__ import annotations

from typing import ClassVar

from benchopt import BaseDataset


class Dataset(BaseDataset):
    """The names of a workload and of its scale."""

    name = "workload"
    parameters: ClassVar = {"workload": ["synthetic_least_squares"], "preset": ["small"]}
    test_parameters: ClassVar = {"workload": ["synthetic_least_squares"], "preset": ["smoke"]}

    def get_data(self) -> dict[str, str]:
        """Return the arguments of ``Objective.set_data``."""
        return {"workload": self.workload, "preset": self.preset}
