"""JupyterLab on a folder, and a browser that looks at it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from patience import PATIENCE

SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},  # every cell is on the page
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
PICTURES = os.environ.get("SCREENSHOTS")
"""A folder to keep screenshots in, for people who want to look at them."""
BROWSERS = ("chromium", "google-chrome", "chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def running_lab(folder, machine, settings=SETTINGS, program="lab", **variables):
    """Serve `folder` with JupyterLab or Notebook 7, its settings in `machine`; its address."""
    for name, given in settings.items():
        path = machine / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(given))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (machine / "lab.log").open("w")
    command = [sys.executable, "-m", "jupyter", program, "--no-browser", "--allow-root"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token="]
    command += [f"--ServerApp.root_dir={folder}"]
    environment = os.environ | {
        "JUPYTERLAB_SETTINGS_DIR": str(machine / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(machine / "workspaces"),
        "JUPYTER_RUNTIME_DIR": str(machine / "runtime"),
        **variables,
    }
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/api", server)
        yield address
    finally:
        server.terminate()
        server.wait(PATIENCE)
        log.close()


def wait_for(url, server, seconds=PATIENCE):
    """Wait until a server that was started answers."""
    for _ in range(seconds * 4):
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            assert server.poll() is None, "JupyterLab did not start"
            time.sleep(0.25)
    raise AssertionError("JupyterLab does not answer")


def run_all(page, address, notebook, seconds=180):
    """Open a notebook, run all its cells, and wait until the kernel has done so or stopped."""
    workspace = notebook.split("/")[0]  # of its own, or the tabs of the last one come back
    page.goto(f"{address}/lab/workspaces/{workspace}/tree/{notebook}")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.wait_for_selector("text=| Idle")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(
        "() => !document.body.innerText.includes('[*]') &&"
        " document.querySelectorAll('.jp-OutputArea-output').length > 3",
        timeout=seconds * 1000,
    )
    page.wait_for_timeout(1500)


class Patient:
    """A browser whose pages wait for what is to come as long as a busy machine may take."""

    def __init__(self, browser):
        self._browser = browser

    def new_page(self, **options):
        """As Playwright's."""
        page = self._browser.new_page(**options)
        page.set_default_timeout(PATIENCE * 1000)
        return page


def photographed(page, name, **options):
    """Keep a picture of a page, if somebody wants pictures."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", **options)


@contextmanager
def running_browser():
    """Chromium without a window; the test is skipped where that or Playwright is missing."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield Patient(started)
        started.close()
