"""The machine under the product, tried for real: clusters, roles, keys, processes."""
