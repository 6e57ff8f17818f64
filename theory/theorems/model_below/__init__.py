"""The averaged linearisation lies below f* at every solution, times its weight.

By induction, for averages from the first sample and from zero; nothing is used of the points.
Proven by solver; in the kernel it is ``theory/rocq/rates/fejer_any.v``. An equality for linear
functions.
"""
