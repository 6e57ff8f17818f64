"""What no method that moves along gradients seen can beat, reached at β = 0.

On the resisting function max_i G x_i Polyak's method has the value GD/√K at all K points: measured
on runs (`claim`), to the precision of the certificate; proven in words in
`theory.problems.resisting`, and as `worst_case_without_momentum` in theory/rocq. Without momentum
the rate is so the worst case, exactly.
"""
