"""A Content-Security-Policy: what a browser runs on a page with a student's work in it.

A second wall behind the harmless notebook: even where markup got onto a page, nothing of it runs.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping

MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/"
"""Where nbconvert's pages get formulas from: nothing else is fetched from outside."""
LOADED = r'<script[^>]*\bsrc="[^"]*/mathjax/[^"]*"[^>]*>\s*</script>'
SETTINGS = r'<script\b[^>]*\btype="text/x-mathjax-config"[^>]*>(?P<text>.*?)</script>'
MATHJAX_BLOCK = re.compile(rf"(?P<load>{LOADED})(?P<between>.*?){SETTINGS}", re.DOTALL)
# nbconvert's lines tell MathJax, once it is there; here they tell a stand-in, which keeps it.
SETTINGS_FIRST = """let settings;
window.MathJax = {Hub: {Config(given) {settings = given;}, Queue() {}}};
"""
SETTINGS_LAST = "window.MathJax = settings;\n"
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
POLICY = "Content-Security-Policy"


def without_eval(head: str) -> str:
    """A page's head in which MathJax has its settings from a script, not from a text.

    It reads such a text with eval, and not only the page's own: a policy that admits eval admits
    whatever a student's markup says there.
    """
    return MATHJAX_BLOCK.sub(
        lambda found: (
            f"<script>{SETTINGS_FIRST}{found['text']}{SETTINGS_LAST}</script>"
            f"{found['between']}{found['load']}"
        ),
        head,
    )


def inline_scripts(markup: str) -> list[str]:
    """The texts of the scripts that stand in markup of ours."""
    return INLINE.findall(markup)


def settings(head: str) -> list[str]:
    """Of these only MathJax's settings."""
    return [text for text in inline_scripts(head) if text.startswith(SETTINGS_FIRST)]


def hashes(scripts: Iterable[str]) -> str:
    """These scripts, and no other text, as a policy names them."""
    return " ".join(f"'sha256-{_digest(text)}'" for text in scripts)


def tag(policy: Mapping[str, str]) -> str:
    """The policy as the tag that stands first in a page's head."""
    content = "; ".join(f"{name} {value}" for name, value in policy.items())
    return f'<meta http-equiv="{POLICY}" content="{content}">'


def policy(scripts: str, **more: str) -> dict[str, str]:
    """What a page may do.

    Args:
        scripts: what runs, beside MathJax.
        more: what else is allowed, by the directive's name with _ for -.
    """
    return {
        "default-src": "'none'",
        "script-src": f"{MATHJAX} {scripts}",
        "style-src": f"'unsafe-inline' {MATHJAX}",
        "font-src": f"data: {MATHJAX}",
        "img-src": f"'self' data: {MATHJAX}",
        "base-uri": "'none'",
        "form-action": "'none'",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
