"""Sharp functions: a linear rate without a cap. Attained in one step by ``G|x|`` at β = 0."""
