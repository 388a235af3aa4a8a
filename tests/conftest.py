"""What every test stands on: no screen, and never the user's own settings."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
