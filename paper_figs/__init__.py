"""Figures, redrawn from what is stored: ``python -m paper_figs``; no training is run."""
