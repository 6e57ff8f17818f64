"""The Fejér step: every step comes nearer to every solution, by a stated amount.

Said of any step size up to the adaptive one, of steps without a cap and with one, in any fixed
metric. Proven by solver and algebra; in the kernel it is ``theory/rocq/rates/fejer_any.v``. An
equality on the functions of `theory.theorems.trap`.
"""
