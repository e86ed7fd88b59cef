"""How the console talks to the running assistant."""
