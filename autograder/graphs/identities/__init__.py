"""Identities: what computes the same is written in one way. One small function a rule."""
