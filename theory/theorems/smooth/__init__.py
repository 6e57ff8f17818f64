"""Smooth functions: the sum of the suboptimalities is bounded on every path, by the Fejér steps.

Proven by solver and algebra alone; in the kernel it is ``theory/rocq/smooth/smooth_linear.v``. Its
constant has 1/(1-β)², so that `theory.theorems.smooth_linear` says more.
"""
