"""Who works with the console: accounts, roles and what each may do, signing in and out."""
