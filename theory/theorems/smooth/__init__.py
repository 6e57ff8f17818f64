"""Smooth functions: the sum of the suboptimalities, from the Fejér steps alone."""
