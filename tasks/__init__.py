"""What is done: short tasks that load, ask the framework and save. Ids go in, plain values come out."""
