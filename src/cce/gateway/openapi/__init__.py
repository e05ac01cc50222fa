"""OpenAPI: a service written as a document of it, and a service made of a document, ours or a foreign one."""
