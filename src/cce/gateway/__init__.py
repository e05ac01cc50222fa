"""The gateway: one file states an API's tree, plugins and stages; it is compiled to API Gateway, relayed, served and counted."""
