"""Smooth functions without interpolation, with any valid lower bound: no bound on gradients needed.

``||g_k||² <= 2L (f_k - inf f(·,s_k))`` takes the place of G² in `theory.theorems.any_bound`. With
``q = αL(1+β)/(1-β)`` and ``σ² = f(x*) - E inf f(·,s)`` its expectation reads, but for parts that
vanish as 1/K,

    (1-q) mean_k E[f(x^k) - f(x*)]  <=  D²/(2αK) + qσ²

a neighbourhood of size qσ², reached at the rate 1/K. Least squares with noise are of this kind.
"""
