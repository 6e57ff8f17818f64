"""The convergence theory of momentum models: runs, proofs and exact worst cases."""
