"""What Keras' own errors mean for somebody who has just met the functional API, and what to try.

Most mistakes of beginners never reach a check: Keras stops first, in words of its own making. Here
each kind of such an error is one row: what Keras says, what it means, what to do. Rows are tried in
order. Keras' words differ between its versions; a row's pattern has all of them since 3.8.
"""

from autograder.judging.keras_errors.explaining import KINDS, Explained, explained

__all__ = ["KINDS", "Explained", "explained"]
