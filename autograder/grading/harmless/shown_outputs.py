"""A code cell's outputs: of each only what is known to be harmless, in harmless form."""

from collections.abc import Callable, Mapping
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.grading.harmless.drawings import harmless_svg
from autograder.grading.harmless.latex import harmless_latex, is_settable
from autograder.grading.harmless.markdown import harmless_markdown
from autograder.grading.harmless.markup import harmless_html
from autograder.grading.harmless.pictures import FORMATS, sound_picture
from autograder.grading.harmless.shown_text import harmless_text

LONGEST = 2_000_000
"""Characters of HTML; a table of 10,000 rows and 5 columns has 1,300,000."""

TEXTS: dict[str, Callable[[str], str | None]] = {
    "text/plain": harmless_text,
    "text/html": lambda text: harmless_html(text) if len(text) <= LONGEST else None,
    "text/markdown": harmless_markdown,
    "text/latex": lambda text: harmless_latex(text) if is_settable(text) else None,
    "image/svg+xml": harmless_svg,
}
"""What each kind of text becomes. Of a kind that is not here, nothing is shown."""


def harmless_output(output: Mapping[str, Any]) -> NotebookNode:
    """An output of a student's code as it may be shown."""
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=harmless_text(_joined(output.get("text"))))
    if kind == "error":
        lines = output.get("traceback")
        return new_output(
            "error",
            ename=harmless_text(str(output.get("ename", ""))),
            evalue=harmless_text(str(output.get("evalue", ""))),
            traceback=[harmless_text(str(line)) for line in lines or ()],
        )
    data = _harmless_data(output.get("data", {}))
    metadata = _sizes(output.get("metadata", {}), data)
    if kind == "execute_result":
        count = output.get("execution_count")
        count = count if type(count) is int else None
        return new_output("execute_result", data, metadata=metadata, execution_count=count)
    return new_output("display_data", data, metadata=metadata)


def _harmless_data(bundle: Mapping[str, Any]) -> dict[str, str]:
    shown: dict[str, str] = {}
    for mime_type, content in bundle.items():
        if mime_type in FORMATS:
            kept = sound_picture(mime_type, _joined(content))
        elif mime_type in TEXTS:
            kept = TEXTS[mime_type](_joined(content))
        else:
            continue
        if kept is not None:
            shown[mime_type] = kept
    if bundle and not shown:
        shown["text/plain"] = "[An output of a kind that is not shown here.]"
    return shown


def _joined(content: Any) -> str:
    """A text, which a notebook may hold as a list of lines."""
    if isinstance(content, list):
        return "".join(map(str, content))
    return content if isinstance(content, str) else ""


def _sizes(metadata: Mapping[str, Any], data: Mapping[str, str]) -> dict[str, Any]:
    """How large pictures are shown: the one thing that an output's metadata may say."""
    kept: dict[str, Any] = {}
    for mime_type in data:
        about = metadata.get(mime_type)
        sizes = {
            name: about[name]
            for name in ("width", "height")
            if isinstance(about, Mapping) and _is_size(about.get(name))
        }
        if sizes:
            kept[mime_type] = sizes
    return kept


def _is_size(value: Any) -> bool:
    return type(value) in (int, float) and 0 < value < 10_000
