"""A graph as Keras layers and operations again, to be called on numbers."""
