"""Import and export: tables of answers in and out, and everything an auditor asks for."""
