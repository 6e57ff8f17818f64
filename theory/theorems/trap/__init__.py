"""The sharp rate is reached: a function made for β and K, on which all K values are equal.

Said from the first sample and from zero (`statement`), and of the functions that `verify` runs,
with the least ``rest`` that was seen to do. Proven by solver and algebra, but for one lemma by
hand: a maximum of affine functions has the values and gradients that it is made from. In the kernel
it is ``theory/rocq/traps/trap_any.v``. The values are those of `theory.theorems.sharp_rate` up to a
constant beside (1-β²)K.
"""
