"""Pages of orders, invoices and payments."""
