"""Every Python sample for users runs: on PyPI, in the docs and in docstrings."""

import aws_cdk
import jsii
import org_bluegreen_pipeline
import pytest
from aws_cdk import (
    App, Environment, Stack,
    aws_certificatemanager as acm,
    aws_cloudwatch as cloudwatch,
    aws_codebuild as codebuild,
    aws_codepipeline as codepipeline,
    aws_codepipeline_actions as actions,
    aws_dynamodb as dynamodb,
    aws_ec2 as ec2,
    aws_ecr as ecr,
    aws_ecs as ecs,
    aws_events as events,
    aws_events_targets as targets,
    aws_iam as iam,
    aws_lambda as lambda_,
    aws_s3 as s3,
    aws_secretsmanager as secretsmanager,
    aws_sns as sns,
)
from conftest import ROOT
from constructs import Construct
from org_bluegreen_pipeline import (
    ApprovalGate, BlueGreenFargatePipeline, BuildSteps, CachedBuildProject, EcsBlueGreenDeployment, PipelineAlarms, PipelineSource,
    RegistryCredentials,
)
from samples import WHEEL_README, docstring_examples, fences

MODULES = dict(
    acm=acm, cloudwatch=cloudwatch, codebuild=codebuild, codepipeline=codepipeline, dynamodb=dynamodb, ec2=ec2, ecr=ecr, ecs=ecs, events=events,
    iam=iam, lambda_=lambda_, s3=s3, secretsmanager=secretsmanager, sns=sns, targets=targets,
)


SOURCE = codepipeline.Artifact("Source")
RELEASE = codepipeline.Artifact("Release")
CONNECTION_ARN = "arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d"
TEAM = ["team@example.com"]


def complete(pipeline):
    """Adds the source and the second stage that a pipeline needs before it can be synthesised."""
    pipeline.add_stage(stage_name="Source", actions=[
        actions.CodeStarConnectionsSourceAction(
            action_name=artifact.artifact_name, owner="acme", repo="storefront", output=artifact, connection_arn=CONNECTION_ARN)
        for artifact in (SOURCE, RELEASE)
    ])
    pipeline.add_stage(stage_name="Wait", actions=[actions.ManualApprovalAction(action_name="Wait")])
    return pipeline


def function(scope):
    code = lambda_.Code.from_inline("def handler(event, context): pass")
    return lambda_.Function(scope, "Function", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handler", code=code)


def role(scope):
    return iam.Role(scope, "Role", assumed_by=iam.AccountRootPrincipal())


def repository(scope):
    return ecr.Repository(scope, "Repository")


def secret(scope):
    return secretsmanager.Secret(scope, "Secret")


# What a sample takes as given: in TypeScript `declare const orders: dynamodb.Table`, in Python `# orders: dynamodb.Table`.
# Where one name stands for several types, the key includes the type.
GIVEN = {"source: PipelineSource": lambda scope: PipelineSource.connection(connection_arn=CONNECTION_ARN, repository="acme/storefront")} | dict(
    alarms=lambda scope: PipelineAlarms(scope, "Alarms", environment_suffix="given", notification_emails=TEAM,
        pipeline=codepipeline.Pipeline.from_pipeline_arn(scope, "Watched", "arn:aws:codepipeline:us-east-1:111111111111:given")),
    announce=function,
    auditor=role,
    build=lambda scope: CachedBuildProject(scope, "Build", environment_suffix="given", steps=BuildSteps.commands(["npm test"])),
    certificate=lambda scope: acm.Certificate(scope, "Certificate", domain_name="example.com"),
    credentials=lambda scope: RegistryCredentials(scope, "Credentials", environment_suffix="given"),
    database_secret=secret,
    gate=lambda scope: ApprovalGate(scope, "Gate",
        environment_suffix="given", environment_name="production", approver_emails=TEAM),
    latency=lambda scope: sns.Topic(scope, "Slow").metric_number_of_messages_published().create_alarm(
        scope, "Latency", threshold=1, evaluation_periods=1),
    ghcr_login=secret,
    layers=repository,
    leads=role,
    npm_token=secret,
    old_token=secret,
    oncall=role,
    orders=lambda scope: dynamodb.Table(scope, "Orders",
        partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING)),
    pipeline=lambda scope: complete(codepipeline.Pipeline(scope, "Pipeline", pipeline_type=codepipeline.PipelineType.V2)),
    production=lambda scope: EcsBlueGreenDeployment(scope, "Production",
        environment_suffix="given", environment_name="production", repository=repository(scope)),
    project=lambda scope: codebuild.Project(scope, "Project",
        build_spec=codebuild.BuildSpec.from_object({"version": "0.2"})),
    release=lambda scope: RELEASE,
    repository=repository,
    rotation=function,
    shop=lambda scope: BlueGreenFargatePipeline(scope, "Shop", environment_suffix="given", notification_emails=TEAM,
        source=PipelineSource.connection(connection_arn=CONNECTION_ARN, repository="acme/storefront")),
    source=lambda scope: SOURCE,
    tools=repository,
    vpc=lambda scope: ec2.Vpc(scope, "Vpc"),
)


def samples():
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
    for document in documents:
        if not {"node_modules", ".venv", "cdk.out"} & set(document.parts):
            for number, code in enumerate(fences(document.read_text(), "python"), 1):
                yield pytest.param(code, id=f"{document.relative_to(ROOT)} {number}")
    for number, code in enumerate(fences(WHEEL_README, "python"), 1):
        yield pytest.param(code, id=f"PyPI {number}")
    for name in org_bluegreen_pipeline.__all__:
        for number, code in enumerate(docstring_examples(getattr(org_bluegreen_pipeline, name).__doc__), 1):
            yield pytest.param(code, id=f"{name} {number}")


SAMPLES = list(samples())


def test_samples_of_every_kind_are_found():
    places = {sample.id.split(" ")[0] for sample in SAMPLES}

    assert {"README.md", "docs/escape-hatches.md", "PyPI", "BlueGreenFargatePipeline", "PipelineSource", "TrafficShift"} <= places
    # The first program, in its translated and its hand-written version.
    assert len(fences(WHEEL_README, "python")) == 2


def test_pypi_shows_no_sample_of_typescript_that_has_a_translation():
    assert fences(WHEEL_README, "ts") == []


@pytest.mark.parametrize("code", SAMPLES)
def test_a_sample_runs(code):
    app = App()
    stack = Stack(app, "Samples", env=Environment(region="us-east-1"))
    namespace = {name: getattr(module, name) for module in (aws_cdk, org_bluegreen_pipeline) for name in module.__all__ if name[0].isupper()}
    namespace |= {**MODULES, "jsii": jsii, "self": stack}
    for line in code.splitlines():
        name, colon, _ = line.removeprefix("# ").partition(": ")
        if line.startswith("# ") and colon and name.isidentifier():
            given = GIVEN.get(line.removeprefix("# ")) or GIVEN[name]
            namespace[name] = given(Construct(stack, f"Given {name}"))

    exec(compile(code, "sample", "exec"), namespace)

    for construct in stack.node.find_all():
        if isinstance(construct, codepipeline.Pipeline) and construct.stage_count == 0:
            complete(construct)
    app.synth()
