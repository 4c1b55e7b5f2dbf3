"""The API: translate in, one domain call, translate out. `/api/v1`, OpenAPI at `/api/v1/docs`."""
