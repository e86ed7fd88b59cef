"""Answers: finding, writing and checking them. What is live is in the topic files; drafts are in the database."""
