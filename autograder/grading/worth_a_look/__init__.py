"""Lines of a student's that are worth a look, by their text alone."""
