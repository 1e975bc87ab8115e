"""Everything that the jsii assembly exports can be used from Python, under Python names."""

import ast
import enum
import gzip
import inspect
import json
import re
import tarfile
from importlib.resources import files

import org_bluegreen_pipeline
import pytest
from aws_cdk import (
    Duration,
    aws_certificatemanager as acm,
    aws_cloudwatch as cloudwatch,
    aws_codebuild as codebuild,
    aws_codedeploy as codedeploy,
    aws_codepipeline as codepipeline,
    aws_ec2 as ec2,
    aws_ecr as ecr,
    aws_ecs as ecs,
    aws_iam as iam,
    aws_lambda as lambda_,
    aws_logs as logs,
    aws_s3 as s3,
    aws_secretsmanager as secretsmanager,
)
from conftest import ROOT
from constructs import Construct
from org_bluegreen_pipeline import (
    BuildCache, BuildImage, BuildReport, BuildSteps, DashboardDeployment, DeploymentHooks, PipelineEnvironment, PipelineSource, SmokeTest,
    TrafficShift,
)

PREFIX = "@org/bluegreen-pipeline."


def assembly():
    [packed] = [file for file in files(org_bluegreen_pipeline).joinpath("_jsii").iterdir() if file.name.endswith(".tgz")]
    with tarfile.open(packed) as tarball:
        return json.loads(gzip.decompress(tarball.extractfile("package/.jsii.gz").read()))


TYPES = assembly()["types"]
STRUCTS = {fqn: type_ for fqn, type_ in TYPES.items() if type_.get("datatype")}
CLASSES = {fqn: type_ for fqn, type_ in TYPES.items() if type_["kind"] == "class"}


def snake(name):
    """healthCheckPath -> health_check_path; jsii knows MiB as one word."""
    if name.isupper() or re.fullmatch("[A-Z0-9_]+", name):
        return name
    return re.sub("([A-Z])", r"_\1", name.replace("MiB", "Mib")).lower()


def props_of(fqn):
    """The props of a struct by name, inherited ones included."""
    inherited = [prop for base in TYPES[fqn].get("interfaces", []) for prop in props_of(base).values()]
    return {prop["name"]: prop for prop in [*inherited, *TYPES[fqn].get("properties", [])]}


# A value of each type that a prop may have.
VALUES = {
    "string": lambda stack: "text",
    "number": lambda stack: 7,
    "boolean": lambda stack: True,
    "aws-cdk-lib.Duration": lambda stack: Duration.minutes(3),
    "aws-cdk-lib.aws_certificatemanager.ICertificate": lambda stack: acm.Certificate.from_certificate_arn(
        stack, "Certificate", "arn:aws:acm:us-east-1:111111111111:certificate/0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c"),
    "aws-cdk-lib.aws_cloudwatch.IAlarm": lambda stack: cloudwatch.Alarm.from_alarm_name(stack, "Alarm", "latency"),
    "aws-cdk-lib.aws_codebuild.BuildEnvironmentVariable": lambda stack: codebuild.BuildEnvironmentVariable(value="blue"),
    "aws-cdk-lib.aws_codebuild.IProject": lambda stack: codebuild.Project.from_project_name(stack, "Project", "lint"),
    "aws-cdk-lib.aws_codedeploy.IEcsDeploymentGroup": lambda stack: codedeploy.EcsDeploymentGroup.from_ecs_deployment_group_attributes(
        stack, "Group", deployment_group_name="live",
        application=codedeploy.EcsApplication.from_ecs_application_name(stack, "Application", "shop")),
    "aws-cdk-lib.aws_codepipeline.Artifact": lambda stack: codepipeline.Artifact("Source"),
    "aws-cdk-lib.aws_codepipeline.IPipeline": lambda stack: codepipeline.Pipeline.from_pipeline_arn(
        stack, "Pipeline", "arn:aws:codepipeline:us-east-1:111111111111:shop"),
    "aws-cdk-lib.aws_ec2.IVpc": lambda stack: ec2.Vpc(stack, "Vpc"),
    "aws-cdk-lib.aws_ecr.IRepository": lambda stack: ecr.Repository.from_repository_name(stack, "Repository", "images"),
    "aws-cdk-lib.aws_ecs.ContainerImage": lambda stack: ecs.ContainerImage.from_registry("public.ecr.aws/acme/waiting:1"),
    "aws-cdk-lib.aws_ecs.CpuArchitecture": lambda stack: ecs.CpuArchitecture.ARM64,
    "aws-cdk-lib.aws_ecs.Secret": lambda stack: ecs.Secret.from_secrets_manager(
        secretsmanager.Secret.from_secret_name_v2(stack, "Password", "password")),
    "aws-cdk-lib.aws_iam.IRole": lambda stack: iam.Role.from_role_name(stack, "Role", "leads"),
    "aws-cdk-lib.aws_iam.PolicyStatement": lambda stack: iam.PolicyStatement(actions=["sqs:SendMessage"], resources=["*"]),
    "aws-cdk-lib.aws_lambda.IFunction": lambda stack: lambda_.Function.from_function_name(stack, "Function", "rotate"),
    "aws-cdk-lib.aws_logs.RetentionDays": lambda stack: logs.RetentionDays.ONE_WEEK,
    "aws-cdk-lib.aws_s3.IBucket": lambda stack: s3.Bucket.from_bucket_name(stack, "Bucket", "acme-logs"),
    "aws-cdk-lib.aws_secretsmanager.ISecret": lambda stack: secretsmanager.Secret.from_secret_name_v2(stack, "Secret", "registry"),
    f"{PREFIX}BuildCache": lambda stack: BuildCache.none(),
    f"{PREFIX}BuildImage": lambda stack: BuildImage.AMAZON_LINUX_2023,
    f"{PREFIX}BuildReport": lambda stack: BuildReport.junit(["junit.xml"]),
    f"{PREFIX}BuildSteps": lambda stack: BuildSteps.commands(["npm test"]),
    f"{PREFIX}DashboardDeployment": lambda stack: DashboardDeployment(environment_name="live", stage_name="DeployLive"),
    f"{PREFIX}DeploymentHooks": lambda stack: DeploymentHooks(),
    f"{PREFIX}PipelineEnvironment": lambda stack: PipelineEnvironment(name="live"),
    f"{PREFIX}PipelineSource": lambda stack: PipelineSource.connection(
        connection_arn="arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d",
        repository="acme/storefront"),
    f"{PREFIX}SmokeTest": lambda stack: SmokeTest.http(path="/products"),
    f"{PREFIX}TrafficShift": lambda stack: TrafficShift.all_at_once(),
}


def value_of(type_, stack):
    if "collection" in type_:
        element = value_of(type_["collection"]["elementtype"], stack)
        return [element] if type_["collection"]["kind"] == "array" else {"KEY": element}
    return VALUES[type_.get("fqn") or type_["primitive"]](stack)


def test_the_assembly_is_the_one_that_is_meant():
    assert {f"{PREFIX}BlueGreenFargatePipeline", f"{PREFIX}TrafficShift"} <= CLASSES.keys()
    assert {f"{PREFIX}BlueGreenFargatePipelineProps", f"{PREFIX}PipelineEnvironment"} <= STRUCTS.keys()


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

    # PipelineSource is abstract: users get one from its factories.
    assert members
    assert missing == []


@pytest.mark.parametrize("fqn", STRUCTS)
def test_every_struct_takes_each_prop_by_keyword_and_gives_it_back(fqn, stack):
    struct = getattr(org_bluegreen_pipeline, fqn.removeprefix(PREFIX))
    # A scope for each prop, because two of one type would take the same id.
    values = {snake(name): value_of(prop["type"], Construct(stack, name)) for name, prop in props_of(fqn).items()}

    made = struct(**values)

    assert {name: getattr(made, name) for name in values} == values


@pytest.mark.parametrize("fqn", STRUCTS)
def test_every_struct_wants_its_required_props_and_no_others(fqn, stack):
    struct = getattr(org_bluegreen_pipeline, fqn.removeprefix(PREFIX))
    required = {snake(name): prop for name, prop in props_of(fqn).items() if not prop.get("optional")}
    optional = [snake(name) for name, prop in props_of(fqn).items() if prop.get("optional")]

    made = struct(**{name: value_of(prop["type"], stack) for name, prop in required.items()})

    assert [name for name in optional if getattr(made, name) is not None] == []
    for name in required:
        others = {other: value_of(prop["type"], stack_like(stack)) for other, prop in required.items() if other != name}
        with pytest.raises(TypeError, match=name):
            struct(**others)


def stack_like(stack):
    """A fresh stack, because the value of a prop may be a construct whose id is taken."""
    return type(stack)()


def takers(fqn):
    """The calls that take the props of a struct: its own name, `BuildSteps.image`, `CachedBuildProject`, `add_to_pipeline`."""
    names = {fqn.removeprefix(PREFIX)}
    for class_fqn, class_ in CLASSES.items():
        class_name = class_fqn.removeprefix(PREFIX)
        for method in [class_.get("initializer", {}), *class_.get("methods", [])]:
            if any(parameter["type"].get("fqn") == fqn for parameter in method.get("parameters", [])):
                name = snake(method["name"]) if "name" in method else None
                names.add(class_name if name is None else f"{class_name}.{name}" if method.get("static") else name)
    return names.union(*(takers(other) for other, type_ in STRUCTS.items() if fqn in type_.get("interfaces", [])))


@pytest.mark.parametrize("fqn", STRUCTS)
def test_the_program_with_everything_sets_every_prop(fqn):
    program = ast.parse((ROOT / "test" / "python" / "everything.py").read_text())
    calls = [call for call in ast.walk(program) if isinstance(call, ast.Call)]
    given = {
        keyword.arg for call in calls for keyword in call.keywords
        if {ast.unparse(call.func), ast.unparse(call.func).rpartition(".")[2]} & takers(fqn)
    }
    wanted = {snake(prop["name"]) for prop in TYPES[fqn]["properties"]}

    assert wanted
    assert wanted - given == set()
