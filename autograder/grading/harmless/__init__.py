"""What a student's notebook shows, made such that nothing in it runs, calls home or leads astray.

Each module knows one kind of content; `notebook` puts them together. All of it is done to the
notebook that is written, so whatever shows it later needs no care of its own.
"""
