"""Table contracts: what an analysis may read, one contract a file."""
