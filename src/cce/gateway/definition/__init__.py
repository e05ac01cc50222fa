"""The definition file: services, their resource trees, plugins and stages."""
