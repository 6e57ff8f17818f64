"""The Fejér steps, summed."""
