"""The landing identity: an uncapped step ends where the model meets f*.

So the gap of the next model is 1-β times the gap of its sample. Said from the first sample and from
zero; proven by solver and algebra; in the kernel it is ``theory/rocq/rates/fejer_any.v``. An
equality. With a cap it becomes an inequality, see `theory.theorems.capped`.
"""
