"""The window; the only folder that imports PySide6. It holds no rule of the domain."""
