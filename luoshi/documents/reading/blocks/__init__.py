"""One module per format: bytes to lines."""
