"""Pictures of training, data and predictions, each with its text for who cannot see it."""
