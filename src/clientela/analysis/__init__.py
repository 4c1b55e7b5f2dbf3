"""Questions about customers, each a pure function from tables to an expression."""
