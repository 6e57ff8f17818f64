"""Named methods beside the paper's: the same optimizer, with other choices."""
