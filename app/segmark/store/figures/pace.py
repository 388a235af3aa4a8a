"""How many pages an annotator finished since a time, and how long the latest pages took.

Both are read from the end of the log, so that they take no longer in a project of a million pages.
"""

from statistics import median

from segmark.store.file.connection import Database, read_by, stored_seconds

#: The median is that of the pages that the annotator worked on in so many latest acts.
_ACTS = 4_000

_THEIRS = "(SELECT number FROM annotator WHERE :who IN (number, joined))"
_SINCE = f"""SELECT count(*) FROM annotation WHERE annotator = :who AND status = 'done'
    AND page NOT IN removed_page AND page IN (
        SELECT page FROM edit WHERE annotator IN {_THEIRS} AND field IS NULL AND number > coalesce((
            SELECT max((SELECT edit.number FROM edit
                WHERE edit.annotator = one.number AND made_at < :since
                ORDER BY edit.number DESC LIMIT 1))
            FROM annotator AS one WHERE :who IN (one.number, joined)), 0))"""
_TIMES = f"""SELECT active_seconds FROM annotation WHERE annotator = :who AND status = 'done'
    AND active_seconds > 0 AND page IN (
        SELECT page FROM edit WHERE annotator IN {_THEIRS} ORDER BY number DESC LIMIT :acts)"""


def read_pace(database: Database, annotator: str, since: str) -> tuple[int, float | None]:
    """The pages done since a time (UTC), and the median seconds of a page; None without any."""
    row = database.execute("SELECT number FROM annotator WHERE name = ?", [annotator]).fetchone()
    if row is None:
        return 0, None
    done = database.execute(_SINCE, {"who": row[0], "since": since}).fetchone()[0]
    times = database.execute(_TIMES, {"who": row[0], "acts": _ACTS}).fetchall()
    with read_by(database):
        seconds = [stored_seconds(one) for (one,) in times]
    return int(done), median(seconds) if seconds else None
