"""How a claim of a theorem is measured on runs; the claims are in `theory.theorems`."""
