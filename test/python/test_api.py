"""Everything that the jsii assembly exports can be used from Python, under Python names."""

import ast
import enum
import gzip
import inspect
import json
import re

import org_bluegreen_pipeline
import pytest
from conftest import ROOT

PREFIX = "@org/bluegreen-pipeline."


# The wheel has the same one: see test_wheel.py.
TYPES = json.loads(gzip.decompress((ROOT / ".jsii.gz").read_bytes()))["types"]
STRUCTS = {fqn: type_ for fqn, type_ in TYPES.items() if type_.get("datatype")}
CLASSES = {fqn: type_ for fqn, type_ in TYPES.items() if type_["kind"] == "class"}


def snake(name):
    """healthCheckPath -> health_check_path; jsii treats MiB as one word."""
    if name.isupper() or re.fullmatch("[A-Z0-9_]+", name):
        return name
    return re.sub("([A-Z])", r"_\1", name.replace("MiB", "Mib")).lower()


def test_the_installed_assembly_is_the_one_under_test():
    assert {f"{PREFIX}BlueGreenFargatePipeline", f"{PREFIX}TrafficShift"} <= CLASSES.keys()
    assert {f"{PREFIX}BlueGreenFargatePipelineProps", f"{PREFIX}PipelineEnvironmentOptions"} <= STRUCTS.keys()


@pytest.mark.parametrize("fqn", TYPES)
def test_every_type_is_exported(fqn):
    name = fqn.removeprefix(PREFIX)
    type_ = getattr(org_bluegreen_pipeline, name)

    assert name in org_bluegreen_pipeline.__all__
    assert inspect.isclass(type_)
    if TYPES[fqn]["kind"] == "enum":
        assert issubclass(type_, enum.Enum)
        assert {member["name"] for member in TYPES[fqn]["members"]} == {member.name for member in type_}


@pytest.mark.parametrize("fqn", CLASSES)
def test_every_member_of_a_class_has_its_python_name(fqn):
    class_ = getattr(org_bluegreen_pipeline, fqn.removeprefix(PREFIX))
    members = [*CLASSES[fqn].get("methods", []), *CLASSES[fqn].get("properties", [])]
    missing = [member["name"] for member in members if not hasattr(class_, snake(member["name"]))]

    assert members
    assert missing == []


def callables_with(fqn):
    """The calls that take the props of a struct: its own name, `BuildSteps.image`, `CachedBuildProject`, `add_to_pipeline`."""
    names = {fqn.removeprefix(PREFIX)}
    for class_fqn, class_ in CLASSES.items():
        class_name = class_fqn.removeprefix(PREFIX)
        for method in [class_.get("initializer", {}), *class_.get("methods", [])]:
            if any(parameter["type"].get("fqn") == fqn for parameter in method.get("parameters", [])):
                name = snake(method["name"]) if "name" in method else None
                names.add(class_name if name is None else f"{class_name}.{name}" if method.get("static") else name)
    return names.union(*(callables_with(other) for other, type_ in STRUCTS.items() if fqn in type_.get("interfaces", [])))


# The program passes its own repository, and a pipeline does not change the lifecycle rules of that.
REJECTED_WITH_OWN_REPOSITORY = {"max_image_count"}


@pytest.mark.parametrize("fqn", STRUCTS)
def test_the_program_with_everything_sets_every_prop(fqn):
    program = ast.parse((ROOT / "test" / "python" / "everything.py").read_text())
    calls = [call for call in ast.walk(program) if isinstance(call, ast.Call)]
    given = {
        keyword.arg for call in calls for keyword in call.keywords
        if {ast.unparse(call.func), ast.unparse(call.func).rpartition(".")[2]} & callables_with(fqn)
    }
    wanted = {snake(prop["name"]) for prop in TYPES[fqn]["properties"]} - REJECTED_WITH_OWN_REPOSITORY

    assert wanted
    assert wanted - given == set()
