"""The offset that the step works with, q_k, follows a recursion."""
