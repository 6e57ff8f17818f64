"""Rates with a cap: the paper's holds verbatim for every cap that is at least ``D/(G√K)``.

A larger cap never hurts, a smaller one costs ``D/(αG√K)``; and for caps that vary the bound is that
of stochastic gradient descent with these learning rates, over 1-β. Known of the tightness: at K = 1
and β = 0 all are attained, by ``G|x|``.
"""
