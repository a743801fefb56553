"""Reading a Keras model into a Graph, from what Keras makes public of it: its configuration."""
