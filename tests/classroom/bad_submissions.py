"""What students hand in instead of a clean notebook, and what a fair instructor makes of each.

Where the answers can be made out, they are graded; else one line says what is wrong and what to do.
"""

import copy
import io
import json
import os
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

NAME = "standin.ipynb"
STUB = 'raise NotImplementedError("Exercise not done yet: replace this line with your answer.")'
FULL, FIRST, SECOND, NOTHING = 5, 2, 3, 0

Book = dict
Make = Callable[[Path, Book], None]


@dataclass(frozen=True)
class Bad:
    """One odd submission.

    Attributes:
        name: the student's name.
        make: fills the student's folder, given the notebook with all answers right.
        score: what it deserves; None if `autograder grade` cannot even take it in.
        says: how the line begins that the instructor reads of it; "" if there is nothing to say.
        left_out: what `autograder grade` says instead, if it is of a file that workers do not get.
        is_note: whether the line is a remark, though the submission deserves nothing.
    """

    name: str
    make: Make
    score: int | None
    says: str = ""
    left_out: str = ""
    is_note: bool = False

    @property
    def is_unanswered(self) -> bool:
        """Whether it counts as unanswered because it cannot be graded."""
        return self.score in (NOTHING, None) and bool(self.says) and not self.is_note


# --- ways to make one -----------------------------------------------------------------------------


def raw(data: bytes | str, name: str = NAME) -> Make:
    """A file with just this in it."""

    def make(folder: Path, right: Book) -> None:
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())

    return make


def saved(change: Callable[[Book], object] = lambda book: None, name: str = NAME) -> Make:
    """The right notebook, changed in place, or replaced by what `change` returns."""

    def make(folder: Path, right: Book) -> None:
        book = copy.deepcopy(right)
        returned = change(book)
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(book if returned is None else returned))

    return make


def text(change: Callable[[str], str | bytes]) -> Make:
    """The right notebook's text, changed."""

    def make(folder: Path, right: Book) -> None:
        data = change(json.dumps(right, indent=1, ensure_ascii=False))
        (folder / NAME).write_bytes(data if isinstance(data, bytes) else data.encode())

    return make


def both(*makes: Make) -> Make:
    def make(folder: Path, right: Book) -> None:
        for one in makes:
            one(folder, right)

    return make


def cells(
    change: Callable[[dict], None], which: Callable[[dict], bool] = lambda cell: True
) -> Make:
    """The right notebook with each of some cells changed."""

    def each(book: Book) -> None:
        for cell in filter(which, book["cells"]):
            change(cell)

    return saved(each)


def answers(double: str | None = None, square: str | None = None) -> Make:
    """The notebook with other answers."""

    def change(book: Book) -> None:
        for grade_id, source in (("ex1_answer", double), ("ex2_answer", square)):
            if source is not None:
                cell(book, grade_id)["source"] = source

    return saved(change)


def cell(book: Book, grade_id: str) -> dict:
    (found,) = [one for one in book["cells"] if grade_id_of(one) == grade_id]
    return found


def grade_id_of(one: dict) -> str:
    return one["metadata"].get("nbgrader", {}).get("grade_id", "")


def is_answer(one: dict) -> bool:
    return grade_id_of(one).endswith("_answer")


def is_code(one: dict) -> bool:
    return one["cell_type"] == "code"


def without(which: Callable[[dict], bool]) -> Make:
    def change(book: Book) -> None:
        book["cells"] = [one for one in book["cells"] if not which(one)]

    return saved(change)


def put(**values) -> Callable[[dict], None]:
    """A change that sets these keys; None takes one away."""

    def change(one: dict) -> None:
        for key, value in values.items():
            one[key] = value
            if value is None:
                del one[key]

    return change


# --- larger changes -------------------------------------------------------------------------------


def as_worksheets(version: int) -> Callable[[Book], Book]:
    """The notebook as versions 2 and 3 had it."""

    def change(book: Book) -> Book:
        old = []
        for one in book["cells"]:
            made = {"cell_type": one["cell_type"], "metadata": one["metadata"]}
            made["input" if is_code(one) else "source"] = one["source"]
            if is_code(one):
                made |= {"outputs": [], "language": "python", "prompt_number": 1}
            old.append(made)
        sheets = [{"cells": old[:2]}, {"cells": old[2:]}]
        return {"metadata": {"name": ""}, "nbformat": version, "worksheets": sheets}

    return change


def as_from_colab(book: Book) -> None:
    for number, one in enumerate(book["cells"]):
        one["metadata"] = {"id": f"aB{number}", "outputId": "xyz"}
        one["id"] = f"colab-{number}"
    book["metadata"] |= {"colab": {"provenance": [], "name": "standin.ipynb"}, "accelerator": "GPU"}


def as_from_vs_code(book: Book) -> None:
    for number, one in enumerate(book["cells"]):
        one["id"] = f"{number:08x}"
        one["metadata"]["vscode"] = {"languageId": "python"}


def like_old_nbgrader(version: int | None) -> Callable[[dict], None]:
    def change(one: dict) -> None:
        marks = one["metadata"].get("nbgrader")
        if marks is not None:
            marks["schema_version"] = version
            for key in ("task", "points", *(["schema_version"] if version is None else [])):
                marks.pop(key, None)

    return change


def marks_gone_and_ids_all_the_same(one: dict) -> None:
    one["metadata"], one["id"] = {}, "ex1-answer"


def split_in_two(book: Book) -> None:
    """The first half of the answer in a new cell above it."""
    index = book["cells"].index(cell(book, "ex2_answer"))
    first = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    book["cells"].insert(index, first | {"id": "half", "source": "helper = lambda x: x * x"})
    cell(book, "ex2_answer")["source"] = "square = helper"


def twice(book: Book) -> None:
    book["cells"] += [copy.deepcopy(one) for one in book["cells"]]


def wrong_copy_before(book: Book) -> None:
    wrong = copy.deepcopy(cell(book, "ex2_answer"))
    wrong["source"] = "square = None"
    book["cells"].insert(1, wrong)


def many_cells(book: Book) -> None:
    blank = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    book["cells"] += [blank | {"id": f"n{number}", "source": ""} for number in range(10_000)]


def huge_cell(book: Book) -> None:
    extra = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    book["cells"].append(extra | {"id": "huge", "source": f"text = '{'x' * 5_000_000}'"})


def with_widgets(book: Book) -> None:
    state = {"application/vnd.jupyter.widget-state+json": {"state": {"a": {}}, "version_major": 2}}
    book["metadata"]["widgets"] = state


def with_pictures(book: Book) -> None:
    picture = {"picture.png": {"image/png": "iVBORw0KGgo="}}
    note = {"cell_type": "markdown", "metadata": {}, "id": "note", "source": "![](attachment:p)"}
    book["cells"] += [note | {"attachments": picture}, note | {"id": "n2", "attachments": [1]}]


def conflict_in(json_text: str) -> str:
    ours = json_text.index('   "source"')
    return f"{json_text[:ours]}<<<<<<< HEAD\n=======\n>>>>>>> theirs\n{json_text[ours:]}"


def archive() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr(NAME, "{}")
    return data.getvalue()


def deep(levels: int) -> Callable[[str], str]:
    """Lists in lists in the metadata of the first cell."""

    def change(json_text: str) -> str:
        nested = "[" * levels + "]" * levels
        return json_text.replace('"metadata": {', f'"deep": {nested}, "metadata": {{', 1)

    return change


def blank(book: Book) -> None:
    cell(book, "ex1_answer")["source"] = f"def double(x):\n    {STUB}"
    cell(book, "ex2_answer")["source"] = STUB


def other_answers(book: Book) -> None:
    cell(book, "ex2_answer")["source"] = "square = None"


# --- files that are none, and other places --------------------------------------------------------


def bytes_as_a_name(folder: Path, right: Book) -> None:
    with open(os.fsencode(folder) + b"/L\x94sung.png", "wb") as file:
        file.write(b"png")


def link_to_a_right_one(folder: Path, right: Book) -> None:
    saved(name="../right.json")(folder, right)
    (folder / NAME).symlink_to("../right.json")


def dangling_link(folder: Path, right: Book) -> None:
    (folder / NAME).symlink_to("nowhere.ipynb")


def folder_of_that_name(folder: Path, right: Book) -> None:
    (folder / NAME).mkdir()
    (folder / NAME / "notes.txt").write_text("see the other file")


def enormous(folder: Path, right: Book) -> None:
    with (folder / NAME).open("wb") as file:
        file.truncate(1 << 40)  # a sparse file: it takes no space


def hundred_megabytes(folder: Path, right: Book) -> None:
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 10**8}}
    saved(lambda book: cell(book, "ex1_answer").update(outputs=[picture]))(folder, right)


def nothing(folder: Path, right: Book) -> None:
    """An empty folder."""


ELSEWHERE = "There is no standin.ipynb. {!r} was graded in its place."
NO_JSON = "standin.ipynb is not a notebook (it begins with {!r}). Ask for the notebook itself"
BROKEN_OFF = "standin.ipynb is a damaged notebook (it breaks off in the middle). Ask for"
NO_LIST = "standin.ipynb is a damaged notebook (its cells are no list). Ask for"
NOT_TEXT = "standin.ipynb is not a notebook (it is not even text). Ask for"
NO_ANSWERS = "standin.ipynb has none of the assignment's answer cells in it. Ask for the answers in"
LEFT_OUT = "'standin.ipynb' is a link, no file, huge, or has no proper name; it was left out."
LINK = "standin.ipynb is a link, not a file. Ask for"
NO_TIME = "'timestamp.txt' holds no time; it counts as handed in on time."
UNMARKED = "The answer ex1_answer was recognised without nbgrader's marks."

BAD = [
    # The file is cut off, or no text that anybody reads.
    Bad("cut_at_1", text(lambda t: t[:1]), NOTHING, BROKEN_OFF),
    Bad("cut_in_the_middle", text(lambda t: t[: len(t) // 2]), NOTHING, BROKEN_OFF),
    Bad("cut_near_the_end", text(lambda t: t[:-3]), NOTHING, BROKEN_OFF),
    Bad("padded_with_zeros", text(lambda t: t.encode() + bytes(4096)), FULL),
    Bad("empty", raw(b""), NOTHING, "standin.ipynb is empty. Ask for"),
    Bad("whitespace", raw(" \r\n\t\n"), NOTHING, "standin.ipynb is empty. Ask for"),
    Bad("zeros", raw(bytes(5000)), NOTHING, "standin.ipynb is empty. Ask for"),
    Bad("utf16", text(lambda t: t.encode("utf-16")), FULL),
    Bad("utf8_bom", text(lambda t: t.encode("utf-8-sig")), FULL),
    Bad("latin1", text(lambda t: t.replace("# Doubling", "# Débling").encode("latin-1")), FULL),
    Bad("zeros_inside", text(lambda t: t.replace("{", "{\0", 3)), NOTHING, NOT_TEXT),
    # Another kind of file under a notebook's name.
    Bad("binary", raw(b"\x89PNG\r\n\x1a\n\xff\0\x80"), NOTHING, NOT_TEXT),
    Bad("zip", raw(archive()), NOTHING, "standin.ipynb is not a notebook (it is a zip archive)."),
    Bad("pdf", raw("%PDF-1.7\n1"), NOTHING, "standin.ipynb is not a notebook (it is a PDF file)."),
    Bad("html", raw("<!DOCTYPE html>\n<p>"), NOTHING, NO_JSON.format("<!DOCTYPE html>")),
    Bad("pickle", raw(pickle.dumps([1])), NOTHING, "standin.ipynb is not a notebook (it is a"),
    Bad("script", raw("import keras\nx = 1"), NOTHING, NO_JSON.format("import keras")),
    Bad("letter", raw("Dear teacher,\nsee below."), NOTHING, NO_JSON.format("Dear teacher,")),
    # JSON, but no notebook.
    Bad("a_list", raw("[1, 2]"), NOTHING, NO_JSON.format("[1, 2]")),
    Bad("a_number", raw("7"), NOTHING, NO_JSON.format("7")),
    Bad("a_null", raw("null"), NOTHING, NO_JSON.format("null")),
    Bad("a_string", raw('"cells"'), NOTHING, NO_JSON.format('"cells"')),
    Bad("no_cells", saved(lambda book: {"a": 4}), NOTHING, NO_JSON.format('{"a": 4}')),
    Bad("cells_a_mapping", saved(lambda book: book.update(cells={})), NOTHING, NO_LIST),
    Bad("cells_null", saved(lambda book: book.update(cells=None)), NOTHING, NO_LIST),
    Bad("cells_of_nothing", saved(lambda book: book.update(cells=[1, None])), NOTHING, NO_ANSWERS),
    Bad("sheets_null", saved(lambda book: {"worksheets": None}), NOTHING, NO_LIST),
    Bad("conflict", text(conflict_in), NOTHING, "standin.ipynb is a damaged notebook (a merge"),
    Bad("comma", text(lambda t: t.replace(",", ",,", 1)), NOTHING, "standin.ipynb is a damaged"),
    Bad("very_deep", text(deep(100_000)), NOTHING, "standin.ipynb is a damaged notebook (lists in"),
    # A notebook that is not as it should be, with all the answers in it.
    Bad("not_quite_so_deep", text(deep(200)), FULL),
    Bad("not_a_number", text(lambda t: t.replace('"metadata"', '"x": NaN, "metadata"')), FULL),
    Bad("key_twice", text(lambda t: t.replace('"nbformat"', '"nbformat": 4, "nbformat"')), FULL),
    Bad("huge_integer", text(lambda t: t.replace('": null', f'": {"9" * 9999}')), FULL),
    Bad("windows_lines", text(lambda t: t.replace("\n", "\r\n").replace("\\n", "\\r\\n")), FULL),
    Bad("source_lines", cells(lambda one: put(source=one["source"].splitlines(True))(one)), FULL),
    Bad("source_gone", cells(put(source=None), lambda c: grade_id_of(c) == "ex1_answer"), SECOND),
    Bad("source_number", cells(put(source=3), lambda c: grade_id_of(c) == "ex2_answer"), FIRST),
    Bad("outputs_gone", cells(put(outputs=None), is_code), FULL),
    Bad("outputs_text", cells(put(outputs="42"), is_code), FULL),
    Bad("outputs_odd", cells(put(outputs=[{"output_type": "smell"}, 3]), is_code), FULL),
    Bad("count_text", cells(put(execution_count="one"), is_code), FULL),
    Bad("type_gone", cells(put(cell_type=None), is_answer), FULL, "The answer ex1_answer was not"),
    Bad("metadata_null", saved(lambda book: book.update(metadata=None)), FULL),
    Bad("metadata_gone", saved(lambda book: book.pop("metadata") and None), FULL),
    Bad("cell_metadata_gone", cells(put(metadata=None)), FULL, UNMARKED),
    Bad("nbformat_gone", saved(lambda book: book.pop("nbformat") and None), FULL),
    Bad("nbformat_text", saved(lambda book: book.update(nbformat="4")), FULL),
    Bad("nbformat_5", saved(lambda book: book.update(nbformat=5)), FULL),
    Bad("nbformat_99", saved(lambda book: book.update(nbformat=99, nbformat_minor=[])), FULL),
    Bad("nbformat_2", saved(as_worksheets(2)), FULL),
    Bad("nbformat_3", saved(as_worksheets(3)), FULL),
    Bad("no_ids", cells(put(id=None)), FULL),
    Bad("same_ids", cells(put(id="same")), FULL),
    Bad("same_ids_no_marks", cells(marks_gone_and_ids_all_the_same), FULL, UNMARKED),
    Bad("long_ids", cells(lambda one: put(id=one["id"] + "x" * 99)(one)), FULL),
    Bad("odd_ids", cells(lambda one: put(id=one["id"] + " ä/\n")(one)), FULL),
    Bad("ids_no_text", cells(put(id=["a"])), FULL),
    Bad("colab", saved(as_from_colab), FULL, UNMARKED),
    Bad("vs_code", saved(as_from_vs_code), FULL),
    Bad("nbgrader_1", cells(like_old_nbgrader(1)), FULL),
    Bad("nbgrader_2", cells(like_old_nbgrader(2)), FULL),
    Bad("nbgrader_none", cells(like_old_nbgrader(None)), FULL),
    Bad("nbgrader_99", cells(like_old_nbgrader(99)), FULL),
    Bad("kernel_gone", saved(lambda book: book["metadata"].pop("kernelspec") and None), FULL),
    Bad("kernel_unknown", saved(lambda b: b["metadata"]["kernelspec"].update(name="x")), FULL),
    Bad("kernel_r", saved(lambda b: b["metadata"]["kernelspec"].update(language="R")), FULL),
    Bad("widgets", saved(with_widgets), FULL),
    Bad("pictures", saved(with_pictures), FULL),
    Bad("many_cells", saved(many_cells), FULL),
    Bad("huge_cell", saved(huge_cell), FULL),
    Bad("hundred_megabytes", hundred_megabytes, FULL),
    # Cells that were moved about.
    Bad("answer_gone", without(lambda c: grade_id_of(c) == "ex1_answer"), SECOND,
        "The cell ex1_answer was missing; it is back as released."),
    Bad("check_gone", without(lambda c: grade_id_of(c) == "ex1_check"), FULL,
        "The cell ex1_check was missing; it is back as released."),
    Bad("all_gone", without(grade_id_of), NOTHING, NO_ANSWERS),
    Bad("all_twice", saved(twice), FULL, "The cell ex1_answer was there 2 times."),
    Bad("wrong_one_first", saved(wrong_copy_before), FULL, "The cell ex2_answer was there 2"),
    Bad("backwards", saved(lambda book: book["cells"].reverse()), FULL),
    Bad("as_markdown", cells(put(cell_type="markdown"), is_answer), FULL,
        "The answer ex1_answer was not a code cell; it is taken as one."),
    Bad("as_raw", cells(put(cell_type="raw"), is_answer), FULL,
        "The answer ex1_answer was not a code cell; it is taken as one."),
    Bad("in_two_cells", saved(split_in_two), FULL),
    Bad("other_assignment", saved(lambda book: {"cells": [
        {"cell_type": "code", "source": "y = 1", "metadata": {"nbgrader": {"grade_id": "q7"}}}
    ]}), NOTHING, NO_ANSWERS),
    # Answers that do not work, beside one that does.
    Bad("conflict_in_answer", answers("<<<<<<< HEAD\ndef double(x): ...\n=======\n"), SECOND),
    Bad("syntax_error", answers("def double(x) return 2 * x"), SECOND),
    Bad("tabs_and_spaces", answers("def double(x):\n\ty = x\n        return 2 * y"), SECOND),
    Bad("zero_in_answer", answers("def double(x):\n    return '\0'"), SECOND),
    Bad("endless", answers(None, "while True: pass"), FIRST),
    Bad("asks", answers("double = input('?')"), SECOND),
    Bad("leaves", answers(None, "exit()"), FIRST,
        "ex2_answer, line 1: exit() ends nothing when grading."),
    Bad("system_exit", answers("raise SystemExit(3)"), SECOND),
    Bad("interrupts", answers("raise KeyboardInterrupt"), SECOND),
    Bad("chatty", answers("double = lambda x: 2 * x\nfor n in range(10**6): print(n)"), FULL),
    # Files with another name, or none.
    Bad("numbered", saved(name="standin (1).ipynb"), FULL, ELSEWHERE.format("standin (1).ipynb")),
    Bad("capital", saved(name="Standin.ipynb"), FULL, ELSEWHERE.format("Standin.ipynb")),
    Bad("copied", saved(name="standin-Copy1.ipynb"), FULL, ELSEWHERE.format("standin-Copy1.ipynb")),
    Bad("txt", saved(name="standin.ipynb.txt"), FULL, ELSEWHERE.format("standin.ipynb.txt")),
    Bad("subfolder", saved(name="hw/standin.ipynb"), FULL, ELSEWHERE.format("hw/standin.ipynb")),
    Bad("beside_a_bad_one", both(raw(""), saved(name="again.ipynb")), FULL,
        "standin.ipynb is empty. Ask for the notebook itself, saved from Jupyter as .ipynb. "
        "'again.ipynb' was graded in its place."),
    Bad("blank_and_done", both(saved(blank, "a.ipynb"), saved(name="b.ipynb")), FULL,
        ELSEWHERE.format("b.ipynb")),
    Bad("two_that_differ", both(saved(name="a.ipynb"), saved(other_answers, "b.ipynb")), NOTHING,
        "There is no standin.ipynb, but 'a.ipynb', 'b.ipynb' differ. Rename the one"),
    Bad("more_beside", both(saved(), saved(other_answers, "old.ipynb"), raw("x", "a.ipynb")), FULL),
    Bad("blank_beside_done", both(saved(blank), saved(name="standin-Copy1.ipynb")), NOTHING,
        "standin.ipynb is unanswered, but 'standin-Copy1.ipynb' has answers. Rename", is_note=True),
    Bad("bytes_as_a_name", both(saved(), bytes_as_a_name), FULL,
        r"'L\udc94sung.png' is a link, no file, huge, or has no proper name; it was left out."),
    Bad("only_another", raw("{}", "other.ipynb"), NOTHING,
        "There is no standin.ipynb, only 'other.ipynb'. Ask for standin.ipynb."),
    Bad("only_a_pdf", raw("%PDF", "homework.pdf"), NOTHING,
        "There is no standin.ipynb, only 'homework.pdf'. Ask for standin.ipynb."),
    Bad("no_file", nothing, NOTHING, "There is no standin.ipynb, and no other file. Ask for"),
    Bad("no_time", both(saved(), raw("yesterday", "timestamp.txt")), FULL, NO_TIME),
    Bad("no_time_at_all", both(saved(), raw(b"\xff\0", "timestamp.txt")), FULL, NO_TIME),
    Bad("a_folder", folder_of_that_name, NOTHING, "standin.ipynb is a folder, not a file. Ask for"),
    Bad("a_link", link_to_a_right_one, NOTHING, LINK, LEFT_OUT),
    Bad("dangling", dangling_link, NOTHING, LINK, LEFT_OUT),
    Bad("enormous", enormous, None, "standin.ipynb has more than 120 MB. Ask for the notebook",
        "the submission cannot be read: its files are larger than 200 MB together."),
]  # fmt: skip

ALIKE = {
    "cut_at_1",
    "cut_near_the_end",
    "whitespace",
    "zeros",
    "utf16",
    "zip",
    "pdf",
    "html",
    "pickle",
    "script",
    "a_number",
    "a_null",
    "a_string",
    "cells_null",
    "sheets_null",
    "comma",
    "not_a_number",
    "windows_lines",
    "source_number",
    "outputs_text",
    "count_text",
    "metadata_gone",
    "nbformat_text",
    "nbformat_5",
    "nbformat_2",
    "long_ids",
    "odd_ids",
    "ids_no_text",
    "nbgrader_1",
    "nbgrader_2",
    "kernel_unknown",
    "kernel_r",
    "as_raw",
    "tabs_and_spaces",
    "conflict_in_answer",
    "interrupts",
    "capital",
    "copied",
    "txt",
    "only_a_pdf",
    "no_time",
    "dangling",
}
"""Handed in by a class of a long run only: each has one beside it that is read in the same way."""
