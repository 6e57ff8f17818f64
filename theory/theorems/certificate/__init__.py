"""The optimum on which every run stands: x* and f* with a certificate, and whether x* is common.

An assumption of the theorems, checked on each problem by `theory.optimum` from duality, and not
proven of anything.
"""
