"""Notebooks as data: whose a cell is, what it reads and binds, what may stand in its outputs."""
