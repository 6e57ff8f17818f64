"""The sharp rate for one function: 1/√(1-β²) takes the place of the paper's 1/(1-β).

Said (`statement`) for averages from the first sample and from zero. Proven by solver and algebra
(`proof`), but for one lemma by hand: logarithms turn products into sums. The idea is in
`bound.sharp`, the steps are in `proof_weights`, `proof_terms`, `proof_first` and `proof_ends`; the
kernel has both as a whole, ``theory/rocq/sharp/sharp_rate_any.v``. Tight: `theory.theorems.trap` is
as slow, up to a constant beside (1-β²)K; from zero exactly so where its function is one.
"""
