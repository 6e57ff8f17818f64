"""The proof kernel: the theorems of `theory/rocq`, and their method computed in fractions."""
