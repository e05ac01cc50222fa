"""Statistics of the gateway: one record per request, rolled up to 1 minute, 10 minutes, 1 hour and 1 day."""
