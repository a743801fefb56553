"""What is known of Keras' layers: facts, settings, and how else one call can be written."""
