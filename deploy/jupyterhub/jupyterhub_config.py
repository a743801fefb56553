"""A JupyterHub for courses on one machine with accounts: /etc/jupyterhub/jupyterhub_config.py.

Each course has an account of its own, grader-COURSE, in which the formgrader runs as a service of
the hub: the course's instructors reach it, and nobody else. `docs/jupyterhub.md` says the rest.
"""

c = get_config()  # noqa: F821 (JupyterHub puts it there)

# --- what you change ------------------------------------------------------------------------------
COURSES = {
    "keras-functional": {"port": 9101, "instructors": {"teacher"}, "students": {"ann", "ben"}},
}
MEMORY = "3G"
"""For each student; docs/jupyterhub.md says what the chapters take."""

# --- what follows from it -------------------------------------------------------------------------
c.Authenticator.allowed_users = {
    name for each in COURSES.values() for name in each["instructors"] | each["students"]
}
c.Spawner.default_url = "/lab"
c.Spawner.mem_limit = MEMORY  # kept by spawners that can: containers, systemd

# By the names of these groups nbgrader knows who is in which course.
c.JupyterHub.load_groups = {
    group: {"users": sorted(members)}
    for course, each in COURSES.items()
    for group, members in (
        (f"formgrade-{course}", each["instructors"]),
        (f"nbgrader-{course}", each["instructors"] | each["students"]),
    )
}
c.JupyterHub.load_roles = [
    # A server may do what its user may: nbgrader asks the hub for the user's groups.
    {"name": "server", "scopes": ["inherit"]},
    *(
        {"name": group, "groups": [group], "scopes": scopes}
        for course in COURSES
        for group, scopes in (
            (f"formgrade-{course}", [f"access:services!service={course}"]),
            (f"nbgrader-{course}", ["list:services", f"read:services!service={course}"]),
        )
    ),
]
c.JupyterHub.services = [
    {
        "name": course,
        "url": f"http://127.0.0.1:{each['port']}",
        "command": ["jupyterhub-singleuser"],
        "user": f"grader-{course}",
        "cwd": f"/home/grader-{course}/course",
        "environment": {"JUPYTERHUB_DEFAULT_URL": "/lab"},
        "oauth_no_confirm": True,
    }
    for course, each in COURSES.items()
]
