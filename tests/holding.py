"""Another program that holds a gradebook, or whatever a test wants held."""

import subprocess
import sys

GRADEBOOK = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("begin exclusive")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""
"""Holds the gradebook of a path for some seconds."""


def holding(source, *arguments):
    """A program that prints "held" when it holds something; it does so already."""
    command = [sys.executable, "-c", source, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    return process
