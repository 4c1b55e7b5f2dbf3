"""Pages of imports: a file in, its questions, its run, and its way back."""
