"""All tests run TensorFlow as the course's notebooks do: without its log, and rounding alike."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
