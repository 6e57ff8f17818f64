"""The rates in expectation: the paper's O(1/√K), and those that keep the first and last term."""
