"""What happens: one flow a phase, read from top to bottom like a story; nothing else."""
