"""What happens in a browser that opens a page with payloads in it."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from browser import mathjax

SETTLE = 2_500
"""Milliseconds in which handlers, animations and reloads get to run; and as long again, for as long
as something new does."""
LINKS = """all => all.map(a => [a.textContent.trim(), a.href.baseVal ?? a.href ?? '',
    a.getAttribute('href') ?? ''])"""


@dataclass
class Seen:
    """What payloads did, by their names.

    Attributes:
        fired: whose script ran.
        called: whose address somebody tried to fetch.
        leading: whose link would run something, or open what the student handed in.
        frames: pages within the page.
        forms: whose form stands on the page.
        dialogs: windows that asked something.
        strangers: other requests that left the server.
        served: the type of a page that was handed in, if the server has it.
    """

    fired: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    leading: set[str] = field(default_factory=set)
    frames: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)
    served: str | None = None

    @property
    def harm(self) -> list[str]:
        """All of it, sorted."""
        parts = [self.fired, self.called, self.leading, self.frames, self.forms, self.dialogs]
        return sorted({name for part in parts for name in part})


def look_at(browser, address: str, known: tuple[str, ...], picture=None) -> Seen:
    """Open a page, wait, point and click at what there is, and tell what happened.

    Args:
        browser: of playwright.
        address: the page.
        known: hosts that a page of nbconvert may ask: where MathJax comes from.
        picture: where to keep a picture of the page.
    """
    seen, home = Seen(), urlsplit(address).netloc
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    page.expose_function("FIRED", lambda name: seen.fired.add(str(name)))

    def note_dialog(dialog):
        seen.dialogs.append(dialog.message)
        dialog.dismiss()

    def route(route):
        url = urlsplit(route.request.url)
        if url.scheme in ("data", "blob", "about", "file") or url.netloc == home:
            route.continue_()
            return
        if url.netloc.endswith(".elsewhere.test"):
            seen.called.add(url.netloc.removesuffix(".elsewhere.test"))
        elif url.netloc == mathjax.HOST and mathjax.is_here():
            mathjax.answer(route)
            return
        elif url.netloc not in known:
            seen.strangers.add(url.netloc)
        route.abort()

    page.on("dialog", note_dialog)
    page.route("**/*", route)
    page.goto(address, wait_until="load")
    before = None
    while before != (before := (set(seen.fired), set(seen.called))):
        page.wait_for_timeout(SETTLE)
    where = page.url.removesuffix("?index=0")  # so the formgrader notes which cell it is at
    assert where == address, f"the page led to {page.url}"
    for name, target, written in page.locator("#notebook a").evaluate_all(LINKS):
        is_own = urlsplit(target).netloc == home or "localhost" in target
        is_odd = not target.startswith(("http:", "https:", "mailto:"))
        if written and not written.startswith("#") and (is_own or is_odd):
            seen.leading.add(name or target)
    seen.frames += [frame.url[:100] for frame in page.frames[1:]]
    seen.forms += [
        form[:100]
        for form in page.locator("#notebook form").evaluate_all("all => all.map(f => f.action)")
    ]
    if picture is not None:
        page.screenshot(path=picture, full_page=True)
    page.evaluate(
        """() => {
        for (const a of document.querySelectorAll('#notebook a, #notebook area, mtext')) {
            const to = a.getAttribute('href') || a.getAttribute('xlink:href') || '';
            if (!/^(https?:|mailto:|#|\\/|[\\w.]+$)/i.test(to.trim()))
                a.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}));
            a.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}));
        }
        for (const b of document.querySelectorAll('#notebook form button')) b.click();
    }"""
    )
    page.wait_for_timeout(500)
    page.close()
    return seen
