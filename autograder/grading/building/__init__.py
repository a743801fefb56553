"""What makes chapters: solutions are executed, their answers recorded, the rest released."""
