"""Forms: what a door parses."""
