"""Properties take the time they need; where CI says so, they draw the same examples every time."""

import os

from hypothesis import settings

settings.register_profile("engine", deadline=None, max_examples=40, derandomize=bool(os.environ.get("CI")))
settings.load_profile("engine")
