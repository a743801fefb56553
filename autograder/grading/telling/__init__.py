"""How a line of ours, with text of others in it, comes to a person."""
