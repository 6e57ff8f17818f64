"""A linear rate: smooth samples, a mean function that grows quadratically, any cap.

Attained, up to the factor that each step has to spare, by ``(L/2)x²``.
"""
