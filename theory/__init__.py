"""Numerical verification of the convergence theory of momentum models."""
