"""The subcommands of `baken`, one file a subject."""
