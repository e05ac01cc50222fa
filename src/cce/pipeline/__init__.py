"""The steps of an assessment, each what one Lambda does; they reach AWS only through :mod:`ports`."""
