"""A progress callback for work whose progress no test looks at."""


def ignore(done: int, total: int | None = None, text: str = "") -> None:
    """Take the report, and do nothing."""
