"""What a row of each kind must hold: customers, products, sales lines, invoices, payments."""
