"""The models of the workloads, one file a family: plain torch, all sizes are arguments."""
