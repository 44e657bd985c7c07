"""``python -m engine``."""

import io
import sys

from engine.cli import main

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # into a file or a pipe, Windows would write its own code page
            stream.reconfigure(encoding="utf-8")
    sys.exit(main())
