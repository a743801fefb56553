import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.graphs.layers.expressions import Expression, Factor, Number, differing, expression

inputs, units, groups = Factor("inputs", 64), Factor("units", 32), Factor("groups", 4)

WRITTEN = [
    (units, "units", "32", 32),
    (Number(3), "3", "3", 3),
    (inputs * units, "inputs × units", "64 × 32", 2048),
    ((inputs + 1) * units, "(inputs + 1) × units", "(64 + 1) × 32", 2080),
    (units * (1 + inputs), "units × (1 + inputs)", "32 × (1 + 64)", 2080),
    (4 * ((inputs + units + 1) * units), "4 × (inputs + units + 1) × units", None, 12416),
    (2 * (2 * inputs), "2 × 2 × inputs", "2 × 2 × 64", 256),
    (inputs + (units + 1), "inputs + units + 1", "64 + 32 + 1", 97),
    (inputs * units + units, "inputs × units + units", "64 × 32 + 32", 2080),
    (inputs // groups * units, "(inputs ÷ groups) × units", "(64 ÷ 4) × 32", 512),
    (inputs // groups + 1, "inputs ÷ groups + 1", "64 ÷ 4 + 1", 17),
    (
        (inputs + units) // (groups * 2),
        "(inputs + units) ÷ (groups × 2)",
        "(64 + 32) ÷ (4 × 2)",
        12,
    ),
    (inputs + 0, "inputs", "64", 64),
    (1 * inputs, "inputs", "64", 64),
    (Number(1) * 1, "1", "1", 1),
    (Number(0) + 0, "0", "0", 0),
]


@pytest.mark.parametrize("written, symbols, numbers, value", WRITTEN)
def test_it_is_written_as_a_person_would(written, symbols, numbers, value):
    assert written.symbols() == symbols
    assert numbers is None or written.numbers() == numbers
    assert written.value == value


def test_factors_are_listed_once_in_order():
    lstm = 4 * (inputs + units + 1) * units
    assert lstm.factors() == [("inputs", 64), ("units", 32)]
    assert (inputs // groups).factors() == [("inputs", 64), ("groups", 4)]
    assert Number(7).factors() == []


def test_a_factor_is_found_by_its_name():
    assert ((inputs + 1) * units).factor("units") == units
    with pytest.raises(KeyError):
        inputs.factor("units")


def test_marked_factors_stand_out_wherever_they_are():
    lstm = 4 * (inputs + units + 1) * units
    assert lstm.numbers(mark={"units"}) == "4 × (64 + [32] + 1) × [32]"
    assert lstm.numbers(mark={"inputs"}, opening="<b>", closing="</b>") == (
        "4 × (<b>64</b> + 32 + 1) × 32"
    )
    assert lstm.numbers(mark={"filters"}) == lstm.numbers()


def test_differing_names_the_factors_with_other_values():
    right = (inputs + 1) * units
    wrong = (Factor("inputs", 100) + 1) * units
    assert differing(right, wrong) == ["inputs"]
    assert differing(right, right) == []
    assert differing(right, (Factor("inputs", 1) + 1) * Factor("units", 1)) == ["inputs", "units"]
    assert differing(right, inputs * Factor("filters", 5)) == []


def test_renaming_changes_names_only():
    grouped = (inputs // groups + 1) * units
    other = grouped.renamed({"inputs": "channels", "groups": "parts"})
    assert other.symbols() == "(channels ÷ parts + 1) × units"
    assert other.value == grouped.value


@pytest.mark.parametrize("size", [None, "32", 32.0])
def test_a_size_is_a_whole_number(size):
    with pytest.raises(TypeError, match="units is no whole number"):
        Factor("units", size)


def _python(written: Expression) -> int:
    return eval(written.numbers().replace("×", "*").replace("÷", "//"))


sizes = st.integers(1, 50)
expressions = st.recursive(
    sizes.map(expression) | st.builds(Factor, st.sampled_from("abc"), sizes),
    lambda part: st.one_of(
        st.builds(lambda a, b: a + b, part, part),
        st.builds(lambda a, b: a * b, part, part),
        st.builds(lambda a, b: a // b, part, part),
    ),
    max_leaves=12,
)


@given(expressions)
def test_the_parentheses_are_right(written):
    try:
        value = written.value
    except ZeroDivisionError:
        return
    assert _python(written) == value
