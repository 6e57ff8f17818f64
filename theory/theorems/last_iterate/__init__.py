"""The last iterate, where the distance falls linearly: sharp functions, and those that grow."""
