"""python3 tests/checker: see cli.py."""

import sys

from cli import main

sys.exit(main())
