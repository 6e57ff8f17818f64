"""One function: the averages grow only where the function falls.

Two inequalities for two steps in a row: what convexity leaves of ``<g_{k+1}, D_k>``, and what that
leaves of the next average. Proven by solver and algebra; that an equation of vectors may be
multiplied by another is in words. In the kernel it is ``theory/rocq/sharp/norm_recursion_any.v``.
The first is an equality on affine pieces. `theory.theorems.sharp_rate` stands on both.
"""
