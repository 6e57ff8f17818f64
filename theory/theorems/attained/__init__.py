"""What no method that moves along gradients seen can beat, reached at β = 0."""
