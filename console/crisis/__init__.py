"""What is said in danger: the fixed texts and the contacts, read by everybody, approved by two clinicians."""
