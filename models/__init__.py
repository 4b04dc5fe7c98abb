"""What is remembered: one file an aggregate, its queries beside it. Only this room speaks SQL."""
