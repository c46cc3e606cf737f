"""What ``luoshi`` does on the command line, one module per command; each parses, calls a verb, prints."""
