"""What holds for all tests."""

import gc

from hypothesis import settings

# Kernels compile at their first call, and other work may keep the machine busy: a test of what is
# right is none of how fast it is.
settings.register_profile("slobook", deadline=None)
settings.load_profile("slobook")


def pytest_collection_finish() -> None:
    """What was imported stays: a collector that leaves it out has little to look through."""
    gc.collect()
    gc.freeze()
