"""A small class, played through nbgrader from release to grades."""
