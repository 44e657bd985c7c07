from pathlib import Path

import pytest

from tests.faults.kills import kill_one


@pytest.mark.parametrize("seed", range(1000, 1010))
def test_killed_at_a_random_moment_the_work_is_there(tmp_path: Path, seed: int):
    outcome = kill_one(seed, tmp_path, longest=1.5)
    assert outcome.states
