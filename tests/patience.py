"""How long tests wait for what must come: it costs nothing where all is well."""

PATIENCE = 120
"""Seconds, however busy the machine is: there a sandbox has up to ten times its own."""
