"""Smooth functions with any cap: ``δ_1 + (1-β) Σ_{k>=2} δ_k <= D² max{L, 1/α}`` on every path.

A cap above 1/L costs nothing. Without a cap this is `smooth_linear`, which also keeps the last
term.
"""
