"""All rules, in their order."""

from __future__ import annotations

import ast
from collections.abc import Callable

from autograder.grading.worth_a_look.cell_text import Text
from autograder.grading.worth_a_look.pasted import decodes, holds_a_graph, names_of_the_grader
from autograder.grading.worth_a_look.pretending import (
    pretends,
    reads_history,
    rebinds,
    sends_raw_outputs,
)
from autograder.grading.worth_a_look.reaching import (
    calls,
    imports,
    looks_at_frames,
    touches_modules,
    touches_the_shell,
    uses_internals,
    writes_into_modules,
)

Rule = Callable[[ast.AST, Text], str]


RULES: tuple[Rule, ...] = (
    imports,
    writes_into_modules,
    uses_internals,
    touches_the_shell,
    touches_modules,
    calls,
    sends_raw_outputs,
    looks_at_frames,
    reads_history,
    rebinds,
    pretends,
    decodes,
    holds_a_graph,
    names_of_the_grader,
)
"""Of each node the first rule that says something counts."""
