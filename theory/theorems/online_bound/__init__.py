"""The online lower bound of the starred methods: used first, updated after, reset when too high.

Said of how it is kept, which `verify` sees in the length of the steps; and, proven by solver and
algebra, of what follows: uncapped it goes halfway to the model, with a cap at most to it, never
below its start; a reset does not raise it, and lets the step move. In the kernel it is
``theory/rocq/step/online_bound.v``. Equalities. That it is a lower bound is not said: it need not
be.
"""
