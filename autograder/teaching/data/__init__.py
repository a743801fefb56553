"""The course's data: made here, or loaded from packages; nothing is downloaded."""
