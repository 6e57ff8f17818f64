"""Averages of gradients are no longer, in mean square, than the gradients.

By induction with the convexity of the square; by hand are that the expectation is linear and
monotone, and that samples are drawn independently of the point. In the kernel it is
``theory/rocq/rates/mean_square_any.v``. An equality for equal gradients.
"""
