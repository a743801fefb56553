"""What is in deploy/kubernetes/ is what Kubernetes, the Dask operator and Dask's programs take.

Nothing of it has run on a cluster. `schemas.json` holds, without descriptions, the DaskCluster that
dask-kubernetes 2026.3.0 (BSD licence) defines, and what is needed of Kubernetes' own schemas, as
kubernetes-validate 1.37.0 (Apache licence) has them.
"""

import fnmatch
import json
import re
import shutil
from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from distributed.cli import dask_scheduler, dask_worker
from jsonschema import Draft202012Validator

from autograder.grading.processes.fingerprint import PACKAGE, digest_of, fingerprint
from autograder.grading.sandbox.limits import Limits

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "kubernetes"
SCHEMAS = json.loads(Path(__file__).with_name("schemas.json").read_text())
RESOURCES = list(yaml.safe_load_all((FOLDER / "cluster.yaml").read_text()))
PROGRAMS = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}
GIGABYTE = {"Gi": 2**30}


def strict(schema):
    """As `kubectl apply --validate=strict` has it: a field that nobody knows is wrong."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: strict(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        made.setdefault("additionalProperties", False)
    return made


def complaints(resource):
    schema = strict(SCHEMAS["kinds"][resource["kind"]])
    if resource["kind"] == "DaskCluster":  # the schema of a kind of one's own is without these
        assert resource["apiVersion"] == "kubernetes.dask.org/v1"
        assert set(resource) == {"apiVersion", "kind", "metadata", "spec"}
        resource = {"spec": resource["spec"]}
    schema["$defs"] = SCHEMAS["$defs"]
    return [error.message for error in Draft202012Validator(schema).iter_errors(resource)]


def cluster():
    (found,) = [deepcopy(each) for each in RESOURCES if each["kind"] == "DaskCluster"]
    return found


def pod(part):
    return cluster()["spec"][part]["spec"]


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource["kind"])
def test_the_resources_are_as_their_schemas_want_them(resource):
    assert complaints(resource) == []


def test_the_schemas_know_what_is_wrong():
    wrong = cluster()
    wrong["spec"]["worker"]["replicas"] = "twenty"
    wrong["spec"]["worker"]["spec"]["hostUsers"] = False  # as a comment there says
    del wrong["spec"]["scheduler"]["service"]
    told = " ".join(complaints(wrong))
    assert "'twenty' is not of type 'integer'" in told
    assert "'hostUsers' was unexpected" in told and "'service' is a required property" in told


@pytest.mark.parametrize("part", PROGRAMS)
def test_dask_takes_the_arguments(part, tmp_path):
    (container,) = pod(part)["containers"]
    assert container["args"][:2] == ["dask", part]
    arguments = [
        argument.replace("/etc/grading", str(tmp_path)).replace("$(DASK_WORKER_NAME)", "name")
        for argument in container["args"][2:]
    ]
    for file in ("cert.pem", "key.pem"):
        (tmp_path / file).touch()
    taken = PROGRAMS[part].make_context(part, arguments).params
    assert [Path(taken[name]).name for name in ("tls_ca_file", "tls_cert", "tls_key")] == [
        *("cert.pem", "cert.pem", "key.pem")
    ]
    assert taken["dashboard"] is False
    if part == "worker":
        assert taken["nthreads"] == 1
        service = f"{cluster()['metadata']['name']}-scheduler"  # the operator's name for it
        assert taken["scheduler"] == f"tls://{service}:8786"


@pytest.mark.parametrize("part", PROGRAMS)
def test_the_credentials_come_from_one_secret(part):
    (container,) = pod(part)["containers"]
    (volume,) = pod(part)["volumes"]
    (mount,) = container["volumeMounts"]
    assert volume["secret"]["secretName"] == "grading-tls" and mount["name"] == volume["name"]
    assert volume["secret"]["defaultMode"] in (0o400, 0o440)
    assert mount["mountPath"] == "/etc/grading" and mount["readOnly"] is True
    readme = (ROOT / "deploy" / "README.md").read_text()
    assert "create secret generic grading-tls --from-file=cert.pem --from-file=key.pem" in readme


def test_nothing_is_reached_from_outside():
    service = cluster()["spec"]["scheduler"]["service"]
    assert service["type"] == "ClusterIP" and [each["port"] for each in service["ports"]] == [8786]
    (policy,) = [each["spec"] for each in RESOURCES if each["kind"] == "NetworkPolicy"]
    own = {"matchLabels": {"dask.org/cluster-name": cluster()["metadata"]["name"]}}
    assert policy["podSelector"] == own
    assert policy["ingress"] == [{"from": [{"podSelector": own}]}]
    assert {each["metadata"].get("namespace", "grading") for each in RESOURCES} == {"grading"}


@pytest.mark.parametrize("part", PROGRAMS)
def test_pods_hold_no_account_of_kubernetes(part):
    assert pod(part)["automountServiceAccountToken"] is False


def test_a_worker_has_the_memory_that_a_submission_may_take():
    (container,) = pod("worker")["containers"]
    number, unit = re.fullmatch(r"(\d+)(\w+)", container["resources"]["limits"]["memory"]).groups()
    assert int(number) * GIGABYTE[unit] > Limits().memory


# --- the image ------------------------------------------------------------------------------------

DOCKERFILE = (FOLDER / "Dockerfile").read_text()
UNSEEN = (FOLDER / "Dockerfile.dockerignore").read_text().splitlines()


def copied():
    """What the image is made of: source and place, by the Dockerfile's COPY lines."""
    for line in re.findall(r"^COPY (.+)$", DOCKERFILE, re.M):
        *sources, place = line.split()
        yield from ((source, place) for source in sources)


def test_the_image_is_made_of_what_is_there_and_the_builder_sees():
    sources = [source for source, _ in copied()]
    assert sources and all((ROOT / source).exists() for source in sources)
    assert UNSEEN[1] == "*" and {f"!{source}" for source in sources} <= set(UNSEEN)
    seen = [line[1:] for line in UNSEEN if line.startswith("!")]
    assert sorted(seen) == sorted(sources)


def test_the_image_has_the_package_that_grades_here(tmp_path):
    place = dict(copied())["autograder"]
    shutil.copytree(PACKAGE, tmp_path / place, ignore=lambda folder, names: [
        name for name in names if fnmatch.fnmatch(name, "__pycache__")
    ])  # fmt: skip
    assert digest_of(tmp_path / place) == fingerprint().package


def test_the_image_has_the_fence_and_installs_the_pins():
    assert re.search(r"install.*\bbubblewrap\b", DOCKERFILE)
    assert re.search(r"pip install .*-r requirements\.txt", DOCKERFILE)
