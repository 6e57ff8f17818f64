"""The fused paths: each pass over all vectors at once, natively on the CPU, by Triton on a GPU."""
