"""What it adds up to: tally, progress, summaries, compiled reports."""
