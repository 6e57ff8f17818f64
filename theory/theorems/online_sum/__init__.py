"""MoMo*, before its bootstrapping: what its estimates and its points obey, whatever the bound."""
