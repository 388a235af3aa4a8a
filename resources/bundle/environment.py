"""Runs before the program, in the bundle: other programs that it starts must not use its libraries.

The starter of the bundle sets ``LD_LIBRARY_PATH``, which this process has read by now. A browser or
a file manager that inherits it would load the libraries of the bundle, and fail. Worker processes
are starts of the bundle, and set it for themselves.
"""

import os

if "LD_LIBRARY_PATH" in os.environ:
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", "")
    if before:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        del os.environ["LD_LIBRARY_PATH"]
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
