# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Samplers of score-based models with momentum: the reference in NumPy, torch's form, a study.

`rules` has the choices, `processes` the noising in numbers; `reference` is the sampler in NumPy, a
function an equation, and `samplers` the same in torch, on any device. `distance` judges samples,
`network` is a small score network, `study` compares samplers on it, and `record` keeps what came
out, in a file that figures read.
"""
