"""What students hand in: read it whatever it is, and keep out what is more than files."""
