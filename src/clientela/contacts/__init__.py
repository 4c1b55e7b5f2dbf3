"""The ledger of every contact of every department with every customer.

Words: *contact* (one interaction; a person at a company is a person), *proactive*,
*department*, *kind of message*."""
