"""Every Python sample that a user can read runs: on PyPI, in the documents of the repository, and in docstrings."""

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
    aws_iam as iam,
    aws_lambda as lambda_,
    aws_s3 as s3,
    aws_secretsmanager as secretsmanager,
    aws_sns as sns,
)
from conftest import ROOT
from org_bluegreen_pipeline import (
    ApprovalGate, BlueGreenFargatePipeline, BuildSteps, CachedBuildProject, EcsBlueGreenDeployment, PipelineAlarms, PipelineSource,
)
from samples import WHEEL_README, docstring_examples, fences

MODULES = dict(
    acm=acm, cloudwatch=cloudwatch, codebuild=codebuild, codepipeline=codepipeline, dynamodb=dynamodb, ec2=ec2, ecr=ecr, ecs=ecs, iam=iam,
    lambda_=lambda_, s3=s3, secretsmanager=secretsmanager, sns=sns,
)


class Given:
    """What a sample takes as given: in TypeScript `declare const orders: dynamodb.Table`, in Python the comment `# orders: dynamodb.Table`."""

    def __init__(self, stack):
        self.stack = stack
        self.source = codepipeline.Artifact("Source")
        self.release = codepipeline.Artifact("Release")

    def complete(self, pipeline):
        """A pipeline needs a source and a second stage before it can be synthesised."""
        pipeline.add_stage(stage_name="Source", actions=[
            actions.CodeStarConnectionsSourceAction(
                action_name=artifact.artifact_name, owner="acme", repo="storefront", output=artifact,
                connection_arn="arn:aws:codestar-connections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d")
            for artifact in (self.source, self.release)
        ])
        pipeline.add_stage(stage_name="Wait", actions=[actions.ManualApprovalAction(action_name="Wait")])

    def function(self, id):
        return lambda_.Function(self.stack, id, runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handler",
            code=lambda_.Code.from_inline("def handler(event, context): pass"))

    @property
    def alarms(self):
        arn = "arn:aws:codepipeline:us-east-1:111111111111:pipeline-given"
        return PipelineAlarms(self.stack, "GivenAlarms", environment_suffix="given", notification_emails=["team@example.com"],
            pipeline=codepipeline.Pipeline.from_pipeline_arn(self.stack, "WatchedPipeline", arn))

    @property
    def announce(self):
        return self.function("Announce")

    @property
    def auditor(self):
        return iam.Role(self.stack, "Auditor", assumed_by=iam.AccountRootPrincipal())

    @property
    def build(self):
        return CachedBuildProject(self.stack, "GivenBuild", environment_suffix="given", steps=BuildSteps.commands(["npm test"]))

    @property
    def certificate(self):
        return acm.Certificate(self.stack, "Certificate", domain_name="example.com")

    @property
    def database_secret(self):
        return secretsmanager.Secret(self.stack, "DatabaseSecret")

    @property
    def gate(self):
        return ApprovalGate(self.stack, "GivenGate", environment_suffix="given", environment_name="production", approver_emails=["team@example.com"])

    @property
    def latency(self):
        return sns.Topic(self.stack, "Slow").metric_number_of_messages_published().create_alarm(
            self.stack, "Latency", threshold=1, evaluation_periods=1)

    @property
    def layers(self):
        return ecr.Repository(self.stack, "Layers")

    @property
    def leads(self):
        return iam.Role(self.stack, "Leads", assumed_by=iam.AccountRootPrincipal())

    @property
    def npm_token(self):
        return secretsmanager.Secret(self.stack, "NpmToken")

    @property
    def orders(self):
        return dynamodb.Table(self.stack, "Orders", partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING))

    @property
    def pipeline(self):
        pipeline = codepipeline.Pipeline(self.stack, "GivenPipeline")
        self.complete(pipeline)
        return pipeline

    @property
    def production(self):
        return EcsBlueGreenDeployment(self.stack, "GivenProduction",
            environment_suffix="given", environment_name="production", repository=self.repository)

    @property
    def project(self):
        return codebuild.Project(self.stack, "Project", build_spec=codebuild.BuildSpec.from_object({"version": "0.2"}))

    @property
    def repository(self):
        return ecr.Repository(self.stack, "Repository")

    @property
    def rotation(self):
        return self.function("Rotation")

    @property
    def shop(self):
        return BlueGreenFargatePipeline(self.stack, "GivenShop",
            environment_suffix="given",
            source=PipelineSource.connection(
                connection_arn="arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d",
                repository="acme/storefront",
            ),
            notification_emails=["team@example.com"],
        )

    @property
    def tools(self):
        return ecr.Repository(self.stack, "Tools")

    @property
    def vpc(self):
        return ec2.Vpc(self.stack, "Vpc")


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

    assert {"README.md", "PyPI", "BlueGreenFargatePipeline", "PipelineSource", "TrafficShift"} <= places
    assert len(fences(WHEEL_README, "python")) > 15


def test_pypi_shows_no_sample_of_typescript_that_has_a_translation():
    assert fences(WHEEL_README, "ts") == []
    assert len(fences(WHEEL_README, "mts")) == 1


@pytest.mark.parametrize("code", SAMPLES)
def test_a_sample_runs(code):
    app = App()
    stack = Stack(app, "Samples", env=Environment(region="us-east-1"))
    namespace = {name: getattr(module, name) for module in (aws_cdk, org_bluegreen_pipeline) for name in module.__all__ if name[0].isupper()}
    namespace |= {**MODULES, "jsii": jsii, "self": stack}
    given = Given(stack)
    for line in code.splitlines():
        name, colon, _ = line.removeprefix("# ").partition(": ")
        if line.startswith("# ") and colon and name.isidentifier():
            namespace[name] = getattr(given, name)

    exec(compile(code, "sample", "exec"), namespace)

    for construct in stack.node.find_all():
        if isinstance(construct, codepipeline.Pipeline) and construct.stage_count == 0:
            given.complete(construct)
    app.synth()
