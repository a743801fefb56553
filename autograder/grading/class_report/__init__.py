"""A graded class as one page: what to teach again, who needs a word, and what is worth a look."""
