"""What kernels of `make lab` begin with: a name missing after a restart is answered anywhere."""

from autograder.teaching.explained_errors import show_under_errors

show_under_errors()
del show_under_errors
