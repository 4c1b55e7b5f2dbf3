"""What customers bought and paid: products, orders, deliveries, invoices, payments.

Words: *document*, *line*, *allocation*, *credit note*, *exchange rate*."""
