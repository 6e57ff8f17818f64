"""The offset that the step works with, q_k = <d_k, x^k> - γ_k, follows a recurrence.

It needs neither γ nor a pass over x, for averages from the first sample and from zero. Proven by
algebra alone; in the kernel it is ``theory/rocq/rates/fejer_any.v``. An equality.
"""
