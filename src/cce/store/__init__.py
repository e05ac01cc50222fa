"""The store: the data bucket and the tables. Calls boto3."""
