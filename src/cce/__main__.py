"""``python -m cce`` is the ``cce`` command."""

import sys

from cce.cli import main

if __name__ == "__main__":
    sys.exit(main())
