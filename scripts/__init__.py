"""Programs for those who keep the project: its slices of data, its mutants, and
what releasing gradients saves."""
