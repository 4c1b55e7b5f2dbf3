"""Who may do what, on which records, seeing which fields, why and how much.

Words: *grant* (a role on a node of the organisation), *scope* (the records it reaches),
*field class* (S0 to S5), *purpose*, *reveal*."""
