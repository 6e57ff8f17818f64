"""The sharp rate is reached: a function made for β and K."""
