"""python3 reconcile: see judge.py."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent / "reading"))

from judge import main  # noqa: E402

sys.exit(main())
