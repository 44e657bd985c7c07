"""``python -m designer``: checks that a window can be opened here, in one clear sentence, then opens it.

This file must be readable by any Python 3 and imports nothing that may be missing before it has looked.
"""

import sys

CANNOT_START = 2


def main() -> int:
    """Start the program and return its exit code; 2 where this machine lacks something that it needs."""
    if sys.version_info < (3, 11):
        found = ".".join(str(part) for part in sys.version_info[:3])
        print(f"Convolab needs Python 3.11 or newer; this is Python {found}.", file=sys.stderr)
        return CANNOT_START
    from designer.startup import complaint, parse, prepare_platform

    options = parse(sys.argv[1:])
    prepare_platform(options)
    reason = complaint()
    if reason is not None:
        print(reason, file=sys.stderr)
        return CANNOT_START
    from designer.app import start

    return start(options)


if __name__ == "__main__":
    sys.exit(main())
