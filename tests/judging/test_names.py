"""Names of inputs and outputs: they pair what has them, and make no network wrong."""

from tensorflow import keras
from tensorflow.keras import layers

from autograder import compare


def heads(first="main", second="aux", named=("main", "aux"), start="start"):
    source = keras.Input((8,), name=start)
    outputs = {
        "main": layers.Dense(1, name=f"layer_{first}")(source),
        "aux": layers.Dense(3, name=f"layer_{second}")(source),
    }
    return keras.Model({start: source}, dict(zip(named, outputs.values(), strict=True)))


def test_another_order_of_the_same_names_is_the_same():
    assert compare(heads(named=("aux", "main")), heads()).findings[0].id == ("outputs-swapped")
    verdict = compare(heads(), heads())
    assert verdict.passed and not verdict.notes


def test_one_other_name_is_a_note_and_no_mistake():
    for named in (("main", "aaa"), ("main", "zzz"), ("aaa", "aux"), ("zzz", "aux")):
        verdict = compare(heads(named=named), heads())
        assert verdict.passed, named
        (note,) = verdict.notes
        assert "output" in note and ("aaa" in note or "zzz" in note)


def test_another_input_name_is_a_note():
    (note,) = compare(heads(start="begin"), heads()).notes
    assert "input that goes by 'start'" in note and "'begin'" in note


def test_no_note_where_the_reference_has_no_names():
    plain = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    named = keras.Sequential([keras.Input((4,), name="start"), layers.Dense(2, name="end")])
    assert compare(named, plain).notes == ()
    assert len(compare(plain, named).notes) == 2
