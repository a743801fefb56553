"""nbgrader's metadata held against its schema, which is itself looked at but once.

nbgrader reads the schema anew for each step of each submission, and `jsonschema.validate` looks
first whether it is a schema at all: for each cell, ten times what looking at the cell takes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from unittest import mock

from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from nbgrader.nbgraderformat import common


@contextmanager
def known_schema() -> Iterator[None]:
    """Within this, a schema of nbgrader's is looked at once in a process."""
    # By a stand-in, since nbgrader's steps call the function of that module themselves.
    with mock.patch.object(common, "jsonschema", SimpleNamespace(validate=validate)):
        yield


def validate(instance: object, schema: Mapping[str, Any]) -> None:
    """As `jsonschema.validate`.

    Raises:
        jsonschema.ValidationError: if the instance is not as the schema wants it.
        jsonschema.SchemaError: if that is no schema.
    """
    error = best_match(_validator(json.dumps(schema)).iter_errors(instance))
    if error is not None:
        raise error


@lru_cache(maxsize=8)
def _validator(schema: str) -> Validator:
    parsed = json.loads(schema)
    kind = validator_for(parsed)
    kind.check_schema(parsed)
    return kind(parsed)
