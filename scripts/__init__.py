"""Programs for those who keep the project: its slices of data, its mutants."""
