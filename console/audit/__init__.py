"""The log of who did what: it can be added to and read, and nothing else."""
