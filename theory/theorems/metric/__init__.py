"""MoMo-Adam with a metric that is frozen, only grows, or only shrinks.

The paper proves nothing for a preconditioner. Said of diagonal metrics: the summed inequality for
any change, for bounded growth and for shrinking, and the sharp rate for growing ones. Proven by
solver and algebra, with the lemmas of the Fejér step and of `theory.theorems.sharp_rate`; the
kernel has them in ``theory/rocq/metrics`` and ``theory/rocq/sharp/sharp_rate_any.v``, for any
metrics too. Frozen, the sharp rate is exact where the trap from zero is one function.
"""
