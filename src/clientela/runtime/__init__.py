"""The machine under the product: the private PostgreSQL, folders, keys, processes."""
