"""A page is opened where somebody sits, and nowhere else."""

import sys
import webbrowser

import pytest

from autograder.grading.playing.opening import opened


class Browser(webbrowser.BaseBrowser):
    def __init__(self):
        self.asked = []

    def open(self, url, new=0, autoraise=True):
        self.asked.append(url)
        return True


@pytest.fixture
def desk(monkeypatch):
    """A machine with a screen, a terminal and a browser."""
    browser = Browser()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(webbrowser, "get", lambda: browser)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return browser


def test_at_a_desk_the_page_is_opened_by_its_whole_path(desk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "a report.html"
    assert opened(page.relative_to(tmp_path))
    assert desk.asked == [page.as_uri()]


def test_where_output_goes_into_a_file_nothing_is_opened(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False, raising=False)
    assert not opened(tmp_path / "report.html")
    assert desk.asked == []


def test_without_a_screen_nothing_is_opened(desk, tmp_path, monkeypatch):
    monkeypatch.delenv("DISPLAY")
    assert not opened(tmp_path / "report.html")
    assert desk.asked == []


def test_a_browser_of_text_does_not_take_the_terminal(desk, tmp_path, monkeypatch):
    text = webbrowser.GenericBrowser("lynx")
    monkeypatch.setattr(text, "open", lambda url: pytest.fail("it was opened"), raising=False)
    monkeypatch.setattr(webbrowser, "get", lambda: text)
    assert not opened(tmp_path / "report.html")


def test_without_a_browser_nothing_happens(desk, tmp_path, monkeypatch):
    def none():
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    assert not opened(tmp_path / "report.html")
