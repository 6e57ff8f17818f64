"""The closed form of the step is the proximal minimiser of the truncated model."""
