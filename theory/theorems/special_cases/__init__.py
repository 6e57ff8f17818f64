"""SPS, SGD-M and Adam are special cases."""
