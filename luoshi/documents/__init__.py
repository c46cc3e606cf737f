"""Files to frozen dataclasses and back. Pure Python: nothing here knows Django."""
