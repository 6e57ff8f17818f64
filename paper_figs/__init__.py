"""Figures, redrawn from records alone: ``python -m paper_figs``."""
