"""Functions in a given order: the paper's factor is reached."""
