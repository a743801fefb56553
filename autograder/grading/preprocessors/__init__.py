"""What nbgrader runs on one submission, in the order of `settings`: graft, restore, execute, own
cells, scoring, harmless, cards.
"""
