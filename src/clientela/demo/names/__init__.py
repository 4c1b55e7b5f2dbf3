"""Names for customers, put together from word lists of our own."""
