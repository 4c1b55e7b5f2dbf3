"""What customers tell us: cases they report, and answers to what they are asked.

Words: *case* (complaint, fault report, inquiry, suggestion), *survey*, *invitation*,
*answer*, *non-response* (an invitation without an answer), *lot*."""
