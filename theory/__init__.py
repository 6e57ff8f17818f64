"""The convergence theory of momentum models: runs, proofs and worst cases."""
