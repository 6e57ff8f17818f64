"""The landing identity: an uncapped step ends where the model meets f*."""
