"""The sharp rate for one function: 1/√(1-β²) takes the place of the paper's 1/(1-β)."""
