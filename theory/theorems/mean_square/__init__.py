"""Averaged gradients are no longer, in mean square, than the gradients."""
