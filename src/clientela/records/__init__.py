"""The ledger of sources, and the customer as its projection.

Words: *source record*, *version*, *link*, *retraction*, *survivorship*, *customer*."""
