"""Ready-made programmes, one TOML file each: the systems that the sources describe (PRG-nn)."""
