"""What was done and accepted: activities, evidence, submissions, review."""
