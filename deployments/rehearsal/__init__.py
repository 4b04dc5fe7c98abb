"""A rehearsal: a whole programme in minutes, with people who read their mail and answer over HTTP, and nothing else."""
