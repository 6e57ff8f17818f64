"""(L0, L1)-smooth functions: a sum as of smooth ones, with L0 + L1 G/3 in the place of L."""
