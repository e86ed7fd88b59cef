"""Programs that set up, build, check and announce; run by the Makefile."""
