"""The gateway: one file states an API's tree, plugins and stages; compiled, relayed, served, counted."""
