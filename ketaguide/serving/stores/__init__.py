"""What is kept, and where: conversations, turns, crisis states, limits. SQLite alone, or PostgreSQL and Redis."""
