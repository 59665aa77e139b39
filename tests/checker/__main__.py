"""python3 tests/checker: see cli.py."""

import sys
from pathlib import Path

# How the log, Redis and PostgreSQL are read is shared with the operators' tool, and with no service.
sys.path.append(str(Path(__file__).resolve().parents[2] / "reconcile" / "reading"))

from cli import main  # noqa: E402

sys.exit(main())
