"""What was asked, of whom: notices, plans, tasks, distribution, obligations and their ledger."""
