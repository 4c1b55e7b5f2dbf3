"""Pages of the analyses: one for every entry of the registry."""
