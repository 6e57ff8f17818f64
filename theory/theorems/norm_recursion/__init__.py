"""One function: the averages grow only where the function falls."""
