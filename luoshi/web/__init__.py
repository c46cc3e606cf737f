"""The staff workspace: parses a request, calls a verb, renders."""
