"""The averaged linearisation at x* is at most f*."""
