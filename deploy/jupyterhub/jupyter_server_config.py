"""What servers of the hub show of nbgrader: /etc/jupyter/jupyter_server_config.py."""

import os

c = get_config()  # noqa: F821 (Jupyter puts it there)

IS_COURSE = "JUPYTERHUB_SERVICE_NAME" in os.environ
"""Whether this is a course's own server; of a person's it is not set."""

c.ServerApp.jpserver_extensions = {
    "nbgrader.server_extensions.assignment_list": not IS_COURSE,
    "nbgrader.server_extensions.validate_assignment": True,
    "nbgrader.server_extensions.course_list": not IS_COURSE,
    "nbgrader.server_extensions.formgrader": IS_COURSE,
}
