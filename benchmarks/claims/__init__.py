"""Claims on published data, recounted apart from the product; a false figure ends non-zero."""
