import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import App
from aws_cdk.assertions import Template

from required_context import required_context

EXAMPLE = Path(__file__).parents[1]
SAMPLE = json.loads((EXAMPLE / "sample-context.json").read_text())


@pytest.fixture
def synthesise(tmp_path):
    """Runs the app like the CDK CLI; returns its exit code, its errors, and the template if there is one."""
    def run(context):
        outdir = tmp_path / "cdk.out"
        done = subprocess.run([sys.executable, "app.py"], cwd=EXAMPLE, capture_output=True, text=True, env={
            **os.environ,
            "CDK_OUTDIR": str(outdir),
            "CDK_CONTEXT_JSON": json.dumps(context),
            # `cdk synth` validates the template, which takes 3 seconds.
            "CDK_VALIDATION": "false",
            # jsii warns of a Node.js that is no longer maintained, on stderr too.
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "18,20,22,24",
            "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "true",
            "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "true",
        })
        template = outdir / "storefront-dev.template.json"
        return done.returncode, done.stderr, json.loads(template.read_text()) if template.exists() else None

    return run


def test_the_example_synthesises_with_its_four_values(synthesise):
    status, _, template = synthesise(SAMPLE)

    assert status == 0
    made = Template.from_json(template)
    made.resource_count_is("AWS::CodePipeline::Pipeline", 1)
    made.has_resource_properties("AWS::ApplicationAutoScaling::ScalableTarget", {"MinCapacity": 2, "MaxCapacity": 6})
    made.has_resource_properties("AWS::ElasticLoadBalancingV2::TargetGroup", {"HealthCheckPath": "/healthz"})


def test_the_build_finds_the_service(synthesise):
    _, _, template = synthesise(SAMPLE)

    assert "examples/python/service/Dockerfile" in json.dumps(template)
    assert (EXAMPLE.parents[1] / "examples/python/service/Dockerfile").is_file()


def test_the_example_fails_with_one_message_that_names_each_missing_value_and_creates_nothing(synthesise):
    status, errors, template = synthesise({})

    assert status == 1
    assert template is None
    assert errors.splitlines() == [
        "The example cannot be synthesised: of its 4 context values these are missing or malformed",
        "  connectionArn is missing; give the ARN of a CodeConnections connection:  -c connectionArn="
        "arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d",
        "  repository is missing; give owner/name:  -c repository=acme/storefront",
        "  notificationEmail is missing; give an e-mail address:  -c notificationEmail=team@example.com",
        "  environmentSuffix is missing; give at most 12 lower-case letters, digits and single hyphens, starting with a letter:"
        "  -c environmentSuffix=dev",
    ]


def test_the_example_fails_with_one_message_for_several_malformed_values(synthesise):
    status, errors, template = synthesise({**SAMPLE, "repository": "storefront", "environmentSuffix": "Dev"})

    assert status == 1
    assert template is None
    assert [line.split(";")[0] for line in errors.splitlines()[1:]] == [
        '  repository is malformed: "storefront"',
        '  environmentSuffix is malformed: "Dev"',
    ]


@pytest.mark.parametrize("name, value", [
    ("connectionArn", "arn:aws:iam::111111111111:role/x"),
    ("repository", "acme/storefront.git"),
    ("repository", "acme/../storefront"),
    ("notificationEmail", "a..b@example.com"),
    ("notificationEmail", "team@example.com\n"),
    ("environmentSuffix", "averylongsuffix"),
    ("environmentSuffix", 7),
])
def test_a_single_malformed_value_is_named(capsys, name, value):
    with pytest.raises(SystemExit, match="1"):
        required_context(App(context={**SAMPLE, name: value}))

    problems = capsys.readouterr().err.splitlines()[1:]
    assert [line.split(":")[0] for line in problems] == [f"  {name} is malformed"]
