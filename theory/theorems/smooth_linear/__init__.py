"""Smooth functions: the sum of the suboptimalities, linear in 1/(1-β)."""
