"""Pages over the real database: who may open what, and what a refusal leaves."""
