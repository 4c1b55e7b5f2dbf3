"""The command line: translate in, one domain call, translate out."""
