"""The values of a Parquet row as Python values.

pyarrow converts no time with nanoseconds unless pandas is installed, and no date outside the years
1 to 9999; here such a value becomes text. It also copies a value as often as the row refers to it.
"""

from typing import Any

from segmark.environment.extras import Untyped, library
from segmark.loading.rejection import NotAPageError
from segmark.loading.unpacking import SIZE_LIMIT, refuse_larger

_ITEM = 8  # bytes of a list's item in memory
_TIMES = frozenset(
    {"TimestampScalar", "Date32Scalar", "Date64Scalar", "Time32Scalar", "Time64Scalar"}
)
_LISTS = frozenset(
    {"ListScalar", "LargeListScalar", "FixedSizeListScalar", "ListViewScalar",
     "LargeListViewScalar"}
)  # fmt: skip
_DATE_UNITS = {"Date32Scalar": "days", "Date64Scalar": "ms"}


class RowValues:
    """Reads the values of one row; together they may be as large as a page and its metadata."""

    def __init__(self) -> None:
        self._room = 2 * SIZE_LIMIT

    def read(self, scalar: Untyped) -> Any:  # noqa: ANN401 - whatever a column holds
        """Return a value as Python has it; a time that Python does not have, as text.

        Raises:
            NotAPageError: the row is too large.
        """
        kind = type(scalar).__name__
        if not scalar.is_valid:
            return None
        if kind in ("DictionaryScalar", "ExtensionScalar"):
            return self.read(scalar.value)
        if kind in _LISTS:
            self._take(len(scalar.values) * _ITEM)
            return [self.read(each) for each in scalar.values]
        if kind == "MapScalar":
            self._take(len(scalar.values) * _ITEM)
            return [(self.read(each[0]), self.read(each[1])) for each in scalar.values]
        if kind == "StructScalar":
            names = (field.name for field in scalar.type)
            return {name: self.read(scalar[place]) for place, name in enumerate(names)}
        if hasattr(scalar, "as_buffer"):
            self._take(scalar.as_buffer().size)
        if kind in _TIMES:
            return _time(scalar)
        return str(scalar) if kind == "DurationScalar" else scalar.as_py()

    def _take(self, size: int) -> None:
        self._room -= size
        refuse_larger(SIZE_LIMIT - self._room)


def _time(scalar: Untyped) -> Any:  # noqa: ANN401 - a date, a time or text
    unit = _DATE_UNITS.get(type(scalar).__name__) or scalar.type.unit
    try:
        return _with_nanoseconds(scalar) if unit == "ns" else scalar.as_py()
    except (ValueError, OverflowError):
        return f"{scalar.value} {unit} since 1970-01-01"


def _with_nanoseconds(scalar: Untyped) -> Any:  # noqa: ANN401 - a time or text
    arrow = library("pyarrow", "parquet", "reading it", NotAPageError)
    microseconds, rest = divmod(scalar.value, 1000)
    if type(scalar).__name__ == "Time64Scalar":
        value, place = arrow.scalar(microseconds, arrow.time64("us")).as_py(), 15
    else:
        zone = scalar.type.tz
        value, place = arrow.scalar(microseconds, arrow.timestamp("us", zone)).as_py(), 26
    if not rest:
        return value
    text = value.isoformat(timespec="microseconds")
    return f"{text[:place]}{rest:03}{text[place:]}"
