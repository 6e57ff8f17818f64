"""Special cases: SPS at β = 0, SGD with momentum and Adam where the cap binds.

Said of one coordinate of the step. Proven by solver and algebra alone, from the closed form; in the
kernel they are ``theory/rocq/step/special_cases.v``. Equalities.
"""
