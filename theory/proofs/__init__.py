"""The engine of proofs; the proofs themselves are in `theory.theorems`.

Lemmas are small statements about real numbers: what is proven of them is `theory.proofs.base`, how
it is checked `theory.proofs.check`, and how lemmas make a theorem `theory.proofs.assemble`. What a
lemma takes from another is compared with what that one concludes (`theory.proofs.citations`).
"""
