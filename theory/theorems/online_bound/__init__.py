"""The online lower bound, and what its reset does."""
