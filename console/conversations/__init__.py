"""What visitors wrote and how it was understood: the assistant's own record, read and never written."""
