"""Graphs in files: saved Keras models, their JSON, evidence, and graphs themselves."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.graphs import Graph, NotReadable, read_config
from autograder.graphs.bounds import require_bounded
from autograder.graphs.identities.rules import rewrite
from autograder.graphs.stored import graph_from_json
from autograder.judging.answer_kinds import ModelAnswer
from autograder.judging.evidence import Evidence

_HDF5 = b"\x89HDF\r\n\x1a\n"
"""How every HDF5 file begins."""

_AS_KERAS = "Load the model, and save it with model.save('name.keras')."


def read_file(path: Path) -> Graph:
    """The graph in a file, without loading Keras.

    Args:
        path: a model saved as `.keras`; or JSON: what `model.to_json()` returned, evidence of a
            check (its first model), or a graph.

    Raises:
        NotReadable: if there is no graph in the file; the message says why.
    """
    try:
        reason = _no_json_in(path)
        data = {} if reason else _data_in(path)
    except FileNotFoundError:
        raise NotReadable(f"There is no file {path}.") from None
    except OSError as error:
        raise NotReadable(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, RecursionError, zipfile.BadZipFile):
        raise NotReadable(
            f"{path} is neither a model saved as .keras nor JSON. Save one with "
            "model.save('name.keras'), or write model.to_json() to a file."
        ) from None
    if reason:
        raise NotReadable(f"{path} {reason}")
    try:
        return graph_in(data)
    except NotReadable as error:
        raise NotReadable(f"{path}: {error}") from None


def _no_json_in(path: Path) -> str:
    """What a file, or a folder, is in which there is no JSON, and what to do; else ""."""
    if path.is_dir():
        return f"is a folder. {_AS_KERAS}"
    with path.open("rb") as file:
        is_hdf5 = file.read(len(_HDF5)) == _HDF5
    return _kind_of_hdf5(path) if is_hdf5 else ""


def _kind_of_hdf5(path: Path) -> str:
    """A whole model can be loaded from such a file; weights alone belong to a network."""
    import h5py

    try:
        with h5py.File(path) as file:
            is_whole = "model_config" in file.attrs
    except OSError:
        return "is a damaged HDF5 file. Save the model once more with model.save('name.keras')."
    if is_whole:
        return f"is a model in an HDF5 file. {_AS_KERAS}"
    return (
        "holds weights alone, and no network: build the network, load them into it with "
        "model.load_weights(…), and save it with model.save('name.keras')."
    )


def _data_in(path: Path) -> Any:
    """The JSON in a file; of a `.keras` with the version of Keras that wrote it."""
    if not zipfile.is_zipfile(path):
        return json.loads(path.read_text(encoding="utf-8"))
    with zipfile.ZipFile(path) as archive:
        data = json.loads(archive.read("config.json"))
        if "metadata.json" not in archive.namelist() or not isinstance(data, Mapping):
            return data
        about = json.loads(archive.read("metadata.json"))
    version = about.get("keras_version") if isinstance(about, Mapping) else None
    return {"keras_version": version, **data}


def graph_in(data: Any) -> Graph:
    """The graph in JSON data of any of the kinds that `read_file` takes.

    Raises:
        NotReadable: if there is none.
    """
    if not isinstance(data, Mapping):
        raise NotReadable("This JSON is no model, no evidence and no graph.")
    try:
        if "cases" in data:
            cases = Evidence.from_json(data).cases
            graphs = [c.answer.graph for c in cases if isinstance(c.answer, ModelAnswer)]
            if not graphs:
                raise NotReadable("This evidence holds no model.")
            return graphs[0]
        if "calls" in data:
            return rewrite(require_bounded(graph_from_json(data)))
        return read_config(data)
    except NotReadable:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise NotReadable(f"This JSON is damaged: {error}") from None
