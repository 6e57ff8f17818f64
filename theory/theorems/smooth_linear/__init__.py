"""Smooth functions: the sum of the suboptimalities, linear in 1/(1-β), on every path.

Said of the weighted sum, from the first sample and from zero, and of the least value. Proven by
solver and algebra alone; in the kernel it is ``theory/rocq/smooth/smooth_any.v``, with caps too. At
K = 2 the least value is attained by two functions; up to K = 10 the bound is 2 to 5 times the
largest worst cases found.
"""
