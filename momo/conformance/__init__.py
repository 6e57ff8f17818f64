"""Whether a method is what it should be: laws, the reference, and trajectories on record."""
