"""Working for a while as a user who may not write what others own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

NOBODY = 65534


@contextmanager
def a_user_without_the_right() -> Iterator[None]:
    """Permissions say nothing to root, so as root one works as nobody for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
