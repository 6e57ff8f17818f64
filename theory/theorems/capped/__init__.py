"""A step with any cap: the model stays above f*, and every c up to the cap bounds the decrease.

Two facts carry all rates with a cap. The model at the new point is at least f*, so that ``h_k - f*
>= w_k (f_k - f*)`` where the uncapped method has equality (`landing`). And the step size ``τ =
min{α, (h_k-f*)/||d_k||²}`` maximises ``2c(h_k-f*) - c²||d_k||²`` over ``0 <= c <= α``, so that the
squared distance falls by at least as much for every such c: a cap that is too large never hurts.
"""
