"""One module per area of the workspace; each lists its own addresses in ``urls``."""
