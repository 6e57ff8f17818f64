"""Functions in a given order: the paper's factor 1/(1-β) is right, and cannot be improved.

There are K functions on which all values are δ, with (GD/δ)² between 2 + (1-β)²(K-2) and this plus
the harmonic sum up to K-2, so that δ √K (1-β)/(GD) tends to 1. Proven by solver and algebra; by
hand are that each function has the values it is made from, and that the last distance can be chosen
(continuity). In the kernel, with the limit, it is ``theory/rocq/traps/given_order.v``.
"""
