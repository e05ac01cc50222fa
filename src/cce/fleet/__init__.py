"""The fleet: member accounts, their servers, queues and task tokens. Calls boto3."""
