"""What learning management systems hand over and take back: submissions, marks, feedback."""
