"""The error of an export."""


class ExportError(Exception):
    """An export failed; the message says in one line what is wrong and what to do.

    The folder is unchanged.
    """
