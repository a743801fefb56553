"""A course on the Keras functional API, and a grader that names the mistake in a network's wiring."""
