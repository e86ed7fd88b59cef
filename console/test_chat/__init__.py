"""Test chat: talking with the running assistant as a visitor would, and seeing what it makes of each message."""
