"""``python -m fitlq`` is the command ``fitlq``."""

from __future__ import annotations

import sys

from fitlq.cli.main import main

__all__: list[str] = []

if __name__ == "__main__":
    sys.exit(main())
