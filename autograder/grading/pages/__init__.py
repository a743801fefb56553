"""Pages with a student's work in them, and what a browser may run there."""
