"""A lower bound that is off by ε: the paper's rate, and what no number of steps removes.

Below f* it is ``(1+β)ε/(1-β)``, above ε: the bound f* + ε is all that the method aims at. The
samples may come in any order, as long as one point minimises all of them.
"""
