"""The second judge: two networks are the same where they compute the same with the same weights."""
