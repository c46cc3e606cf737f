"""Luoshi 落实: carries an issued notice with a work plan to documented results."""
