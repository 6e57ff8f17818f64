"""Programs for those who keep the project: data, mutants, and what releasing gradients saves."""
