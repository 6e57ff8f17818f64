"""Workloads and methods in the form that other frameworks ask for; each needs its framework."""
