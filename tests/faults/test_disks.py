import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.disks import CASES


@pytest.mark.parametrize("case", CASES)
def test_a_disk_that_fails_leaves_what_was_there_and_the_reason_is_told(case: str, tmp_path: Path):
    command = [*alone(case), sys.executable, "-m", "tests.faults.disks", case, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == "done\n"


def alone(case: str) -> list[str]:
    """Return what gives a process disks of its own; who is not root becomes it there, but for what root may do."""
    if os.geteuid() == 0:
        return ["unshare", "--mount"]
    return [] if case == "forbidden" else ["unshare", "--mount", "--user", "--map-root-user"]
