"""What kernels of `make lab` begin with: a name missing after a restart is answered anywhere."""

try:
    from autograder.teaching.explained_errors import show_under_errors
except ImportError:  # the lab's terminals begin with it, too, and may find another Python
    pass
else:
    show_under_errors()
    del show_under_errors
