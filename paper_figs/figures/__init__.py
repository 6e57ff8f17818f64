"""The figures, one module each, with a function ``draw(records) -> Figure``."""
