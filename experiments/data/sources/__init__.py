"""Where data sets come from that a package registry has; nothing here runs but by command."""
