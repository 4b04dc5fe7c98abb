"""An invented company to try Baken with. Nobody in it exists."""
