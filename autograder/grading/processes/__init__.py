"""What a process of ours is started with, and what it grades by."""
