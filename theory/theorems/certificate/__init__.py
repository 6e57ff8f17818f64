"""The optimum on which every run stands is certified."""
