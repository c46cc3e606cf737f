"""Who: organisations in a tree, people, the posts they hold, and the journal of what was done."""
