"""Crisis detection as a pure function of text, and what belongs to it."""
