"""The staff console: clinic staff change answers, a clinician signs them, and the running assistant speaks them."""
