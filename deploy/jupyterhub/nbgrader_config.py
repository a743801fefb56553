"""What nbgrader does for everybody on the hub: /etc/jupyter/nbgrader_config.py.

A course's own file, in grader-COURSE's folder, comes after it.
"""

import os

c = get_config()  # noqa: F821 (nbgrader puts it there)

c.Exchange.root = "/srv/nbgrader/exchange"
c.Exchange.path_includes_course = True  # ~/COURSE/ASSIGNMENT: two courses may have a "week 1"
c.Execute.timeout = 600  # seconds a cell, when a student validates: training takes its time
c.KernelManager.transport_encryption = "auto"  # between a kernel and whoever asks it

# A person has the courses that the hub's groups say; a course's own server has its course.
if "JUPYTERHUB_USER" in os.environ and "JUPYTERHUB_SERVICE_NAME" not in os.environ:
    c.Authenticator.plugin_class = "nbgrader.auth.JupyterHubAuthPlugin"
