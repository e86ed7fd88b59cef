"""What stands around the Rasa agent: live answers, the guard, stores."""
