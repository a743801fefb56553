"""The JupyterLab that `make lab` opens: the course's index, and nothing of an instructor's."""

from pathlib import Path

from ipykernel.ipkernel import IPythonKernel
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

c = get_config()  # noqa: F821  (Jupyter defines it)


class CourseFiles(AsyncLargeFileManager):
    """Notebooks as their kernel leaves them: JupyterLab asks to save one that it had to change.

    When a kernel starts, JupyterLab writes into the notebook which Python that is. It is the one
    that this server runs on, and a chapter as handed out says nothing of it.
    """

    async def get(self, path, content=True, type=None, format=None, **more):
        """The file; in a notebook, the kernel's own words on its language."""
        model = await super().get(path, content, type, format, **more)
        if content and model["type"] == "notebook":
            model["content"]["metadata"]["language_info"] = dict(IPythonKernel.language_info)
        return model


c.ServerApp.contents_manager_class = CourseFiles
c.LabApp.default_url = "/lab/tree/README.md"
# Of this server alone. What people have set in their own JupyterLab stands above it.
c.LabApp.app_settings_dir = str(Path(__file__).parent / "settings")
