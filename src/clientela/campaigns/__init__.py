"""What is offered to groups of customers, and how each of them answers.

Words: *promotion*, *target*, *treated*, *control* (held back, so that an effect can be
measured), *response*."""
