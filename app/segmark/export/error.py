"""The one error of an export."""


class ExportError(Exception):
    """An export that could not be made; one line that says what is wrong and what to do.

    Whatever stood in the folder before stands there unchanged.
    """
