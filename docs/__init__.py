"""What makes parts of the documents: `docs.pictures` takes the pictures."""
