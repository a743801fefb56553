"""The tables of the corpus, printed at the end of every run that made them."""

from corpus.tally import TALLY


def pytest_terminal_summary(terminalreporter):
    for line in TALLY.lines():
        terminalreporter.write_line(line)
