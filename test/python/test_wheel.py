"""The metadata and the contents of the wheel."""

import hashlib
import json
import os
import tarfile
from importlib.metadata import distribution
from pathlib import Path

import org_bluegreen_pipeline
from conftest import ROOT

WHEEL = distribution("org.bluegreen-pipeline")
MANIFEST = json.loads((ROOT / "package.json").read_text())


def test_the_package_is_installed_from_the_wheel_and_not_from_a_folder():
    assert ".venv" in Path(org_bluegreen_pipeline.__file__).parts
    assert json.loads(WHEEL.read_text("direct_url.json"))["url"].endswith("-py3-none-any.whl")


def test_the_wheel_has_the_metadata_of_the_project():
    assert WHEEL.metadata["Name"] == "org.bluegreen-pipeline"
    assert WHEEL.version == MANIFEST["version"]
    assert WHEEL.metadata["Requires-Python"] == ">=3.10"
    assert WHEEL.metadata["License"] == "Apache-2.0"
    assert WHEEL.metadata["Description-Content-Type"] == "text/markdown"
    assert WHEEL.metadata["Summary"] == MANIFEST["description"]
    classifiers = WHEEL.metadata.get_all("Classifier")
    assert {"Typing :: Typed", "Framework :: AWS CDK", "Framework :: AWS CDK :: 2", "Programming Language :: Python :: 3.10"} <= set(classifiers)


def test_the_wheel_requires_only_jsii_and_the_peers_of_the_npm_package():
    requirements = {requirement.split(" ")[0]: requirement.split(" ")[1] for requirement in WHEEL.requires}

    floors = {name: range_.removeprefix("^") for name, range_ in MANIFEST["peerDependencies"].items()}
    assert requirements.keys() == {"aws-cdk-lib", "constructs", "jsii", "publication"}
    assert requirements["aws-cdk-lib"] == f"<3.0.0,>={floors['aws-cdk-lib']}"
    assert requirements["constructs"] == f"<11.0.0,>={floors['constructs']}"


def test_the_wheel_contains_the_module_its_types_and_the_library():
    held = {str(file) for file in WHEEL.files if "__pycache__" not in file.parts and ".dist-info" not in file.parts[0]}

    assert held == {
        "../../../bin/bluegreen-pipeline",
        "org_bluegreen_pipeline/__init__.py",
        "org_bluegreen_pipeline/_jsii/__init__.py",
        f"org_bluegreen_pipeline/_jsii/bluegreen-pipeline@{MANIFEST['version']}.jsii.tgz",
        "org_bluegreen_pipeline/py.typed",
    }


def test_the_wheel_contains_the_npm_package_unchanged():
    [packed] = [file.locate() for file in WHEEL.files if file.name.endswith(".tgz")]
    npm = Path(os.environ["TYPESCRIPT_PACKAGE"])
    with tarfile.open(packed) as tarball:
        inside = {member.name.removeprefix("package/"): digest(tarball.extractfile(member).read()) for member in tarball if member.isfile()}

    assert len(inside) > 50
    assert inside == {str(file.relative_to(npm)): digest(file.read_bytes()) for file in npm.rglob("*") if file.is_file()}


def digest(content):
    return hashlib.sha256(content).hexdigest()
