"""How much the guarantee depends on the learning rate: not at all where that is too large."""
