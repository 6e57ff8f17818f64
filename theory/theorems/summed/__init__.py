"""The Fejér steps, summed: the decreases cannot exceed the initial distance.

And no iterate leaves the ball around x* on whose boundary the start lies. Proven by solver and
algebra; in the kernel it is ``theory/rocq/rates/fejer_any.v``. As tight as `theory.theorems.fejer`.
"""
