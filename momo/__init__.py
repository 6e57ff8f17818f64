"""Momentum models for adaptive learning rates (MoMo, arXiv 2305.07583)."""

__version__ = "0.1.0"
