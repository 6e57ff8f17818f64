"""NGN-M: its convex rate, and where the heavy ball with this step size converges, and where not."""
