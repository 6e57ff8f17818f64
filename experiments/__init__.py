"""Experiments: learning-rate robustness of momentum models and baselines, recorded run by run."""
