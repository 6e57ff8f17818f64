"""What a run of ``verify`` found: for the terminal, as figures, and as one HTML file."""
