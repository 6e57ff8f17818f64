# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The general equation, in scalars: one step of a momentum model, for every kind of number.

`momo.core.step` is the equation, `momo.core.parts` the choices that make a method of it, and
`momo.core.ops` the few operations that Python, NumPy and torch write differently. What a step does
to vectors is around it: `momo.reference` in NumPy, `momo.optim` in torch. The paper's algorithms,
literally, are in `momo.reference.paper`.
"""
