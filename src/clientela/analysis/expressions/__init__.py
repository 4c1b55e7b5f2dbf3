"""From tables that fit the contracts to an expression that nobody has run yet, one file each."""
