"""A site to try everything on: real divisions, made-up units and people, a notice of our own."""
