"""The clinic's own facts: name, phone, hours and the like, each with its own kind of check."""
