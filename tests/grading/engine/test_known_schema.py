import jsonschema
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.nbgraderformat import MetadataValidator, ValidationError, common

from autograder.grading.engine import known_schema

SCHEMA = MetadataValidator().schema
SOUND = {
    "schema_version": 3,
    "grade_id": "ex1",
    "points": 2,
    "task": False,
    "grade": True,
    "solution": False,
    "locked": True,
}
ODD = {
    "no points": {**SOUND, "points": None},
    "an id that is a number": {**SOUND, "grade_id": 1},
    "an id with a space": {**SOUND, "grade_id": "ex 1"},
    "a key too many": {**SOUND, "more": 1},
    "no table": ["grade_id"],
}


def said_of(data, validate):
    try:
        validate(data, SCHEMA)
    except jsonschema.ValidationError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("data", [SOUND, *ODD.values()], ids=["sound", *ODD])
def test_it_says_what_jsonschema_says(data):
    assert said_of(data, known_schema.validate) == said_of(data, jsonschema.validate)
    assert bool(said_of(data, known_schema.validate)) is (data is not SOUND)


def test_what_is_no_schema_is_refused():
    with pytest.raises(jsonschema.SchemaError):
        known_schema.validate({}, {"type": "nothing"})


def test_nbgraders_own_steps_look_at_the_schema_once(monkeypatch):
    looks = []
    kind = jsonschema.validators.validator_for(SCHEMA)
    look = kind.check_schema
    monkeypatch.setattr(kind, "check_schema", lambda *a, **k: looks.append(1) or look(*a, **k))
    known_schema._validator.cache_clear()
    marks = [SOUND | {"grade_id": f"ex{number}"} for number in range(5)]
    book = new_notebook(cells=[new_code_cell(metadata={"nbgrader": each}) for each in marks])
    with known_schema.known_schema():
        MetadataValidator().validate_nb(book)
        MetadataValidator().validate_nb(book)
        book.cells[4].metadata["nbgrader"]["points"] = "many"
        with pytest.raises(ValidationError):
            MetadataValidator().validate_nb(book)
    assert len(looks) == 1
    assert common.jsonschema is jsonschema
