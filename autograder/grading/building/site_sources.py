"""What the web site is made of: the chapters as students get them, and the guides.

A chapter's outputs come from its solution, where the same cell stands there and nothing that it
shows needs an answer; other cells show what a student sees who has not run them: nothing.
"""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.grading.building.chapters import INDEX
from autograder.grading.building.handed_out import ROW
from autograder.grading.course.address import HANDED_OUT, Address, address_in
from autograder.grading.notebooks.cells import Whose, whose
from autograder.problem import Problem
from autograder.teaching.bindings import bound, read

PAGES = "docs/site"
"""The folder with the site's own pages and its configuration."""
GUIDES = ("docs", "CONTRIBUTING.md", "CHANGELOG.md")
"""What else becomes a page: files of Markdown, and folders of them."""
SHOWN = ("text/html", "image/png", "image/svg+xml", "image/jpeg", "text/markdown", "text/plain")
"""The kinds of outputs that a page shows; what checks record is none."""
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<file>[^):#]+)(?P<place>#[^)]*)?\)")
FENCE = re.compile(r"^```mermaid\n(?P<drawing>.*?)^```$", re.MULTILINE | re.DOTALL)
NODE = re.compile(r'^\s*(\w+)\["(.+)"\]$')


def write_sources(course: Path, folder: Path) -> None:
    """Write all that Sphinx reads.

    Args:
        course: the repository, with its chapters built.
        folder: where to; what is there goes.

    Raises:
        Problem: if there are no chapters.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(course / PAGES, folder)
    address = address_in(course)
    chapters = sorted((course / HANDED_OUT).glob("*/*.ipynb"))
    if not chapters:
        raise Problem(f"There are no chapters in {course / HANDED_OUT}. Run make build first.")
    for path in chapters:
        solution = course / "solutions" / path.relative_to(course / HANDED_OUT)
        released = nbformat.read(path, as_version=4)
        page = with_outputs(released, nbformat.read(solution, as_version=4))
        _add_doors(page, path.relative_to(course).as_posix(), address)
        nbformat.write(page, folder / path.name)
    (folder / "index.md").write_text(_index(course, chapters), encoding="utf-8")
    guides = {path.relative_to(course).as_posix(): path for path in _guides(course)}
    pages = {name: path.name for name, path in guides.items()}
    for name, path in guides.items():
        text = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(_as_page(text, name, pages, folder), encoding="utf-8")


def with_outputs(released: NotebookNode, solution: NotebookNode) -> NotebookNode:
    """A chapter as released, with the outputs of its solution that need no answer.

    A cell needs one if it is an answer or a check, or reads a name that a cell before it has bound
    that needs one.
    """
    outputs = {cell.source: cell.outputs for cell in solution.cells if cell.cell_type == "code"}
    needing: set[str] = set()
    for cell in released.cells:
        if cell.cell_type != "code":
            continue
        names = bound(cell.source)
        if whose(cell) is not Whose.OURS or read(cell.source) & needing:
            needing |= names
            cell.outputs = []
        else:
            needing -= names
            cell.outputs = [_shown(output) for output in outputs.get(cell.source, ())]
        cell.execution_count = None
    return released


def _shown(output: NotebookNode) -> NotebookNode:
    if "data" in output:
        output = NotebookNode(output)
        output.data = {kind: data for kind, data in output.data.items() if kind in SHOWN}
    return output


def _add_doors(page: NotebookNode, file: str, address: Address | None) -> None:
    """Say under the title where the chapter opens with nothing to install."""
    colab = address.colab(file) if address is not None else None
    if colab is None:
        return
    title, _, rest = page.cells[0].source.partition("\n")
    binder = address.binder(file) if address is not None else None
    door = f"[Open in Google Colab]({colab}) · [Open on Binder]({binder})"
    page.cells[0].source = f"{title}\n\n{door}\n{rest}"


def _index(course: Path, chapters: list[Path]) -> str:
    """The page that lists the chapters, with what stands beside them in the margin."""
    text = (course / HANDED_OUT / INDEX).read_text(encoding="utf-8")
    lines = [
        line.replace(f"({found['notebook']})", f"({Path(found['notebook']).name})")
        if (found := ROW.match(line))
        else line
        for line in text.splitlines()
    ]
    guides = [path.stem for path in _guides(course)]
    return "\n".join(
        [
            *lines,
            "",
            *_contents("Chapters", [path.stem for path in chapters]),
            *_contents("To look up", ["cards", "glossary", "further"]),
            *_contents("Guides", guides),
        ]
    )


def _contents(caption: str, pages: list[str]) -> list[str]:
    return ["```{toctree}", ":hidden:", f":caption: {caption}", *pages, "```", ""]


def _guides(course: Path) -> Iterator[Path]:
    for name in GUIDES:
        path = course / name
        yield from sorted(path.glob("*.md")) if path.is_dir() else [path]


def _as_page(text: str, name: str, pages: dict[str, str], folder: Path) -> str:
    """A guide's text, its links to other pages as they lie on the site, others as their words."""
    here = Path(name).parent

    def linked(found: re.Match[str]) -> str:
        target = posixpath.normpath((here / found["file"]).as_posix())
        if target in pages:
            return f"[{found['text']}]({pages[target]}{found['place'] or ''})"
        return found["text"]

    def drawn(found: re.Match[str]) -> str:
        picture = folder / f"{Path(name).stem}.svg"
        words = _draw(found["drawing"], picture)
        return f"```{{image}} {picture.name}\n:alt: {words}\n:align: center\n```"

    return FENCE.sub(drawn, LINK.sub(linked, text))


def _draw(flowchart: str, file: Path) -> str:
    """Draw a flowchart of Mermaid's with Graphviz, which needs no script; what it shows in words.

    Raises:
        Problem: if Graphviz is not there.
    """
    nodes, edges = {}, []
    for line in flowchart.splitlines()[1:]:
        if found := NODE.match(line):
            nodes[found[1]] = found[2].replace("<br/>", "\\n")
        elif "-->" in line:
            edges.append(" -> ".join(part.strip() for part in line.split("-->")))
    lines = [f'{name} [label="{label}"]' for name, label in nodes.items()]
    style = 'node [shape=box style="rounded,filled" fillcolor="#eef2ff" fontname="sans-serif"]'
    dot = "\n".join(["digraph {", style, *lines, *edges, "}"])
    try:
        subprocess.run(["dot", "-Tsvg", "-o", file], input=dot, text=True, check=True)
    except OSError as error:
        raise Problem("Graphviz is needed to draw the site's pictures: see the README.") from error
    return ", ".join(edge.replace("->", "above") for edge in edges)


if __name__ == "__main__":
    import sys

    write_sources(Path.cwd(), Path(sys.argv[1]))
