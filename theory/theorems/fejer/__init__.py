"""The Fejér step: every step comes nearer to every solution, by a stated amount."""
