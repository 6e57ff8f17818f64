"""MoMo-Adam with a metric that is frozen or only grows."""
