"""The valid and invalid values of test/consumers/values.json, passed to the wheel."""

import json
import re

import org_bluegreen_pipeline as library
import pytest
from aws_cdk import (
    App,
    Duration,
    Environment,
    Stack,
    Token,
    aws_certificatemanager as acm,
    aws_codebuild as codebuild,
    aws_codepipeline as codepipeline,
    aws_ec2 as ec2,
    aws_ecr as ecr,
    aws_iam as iam,
    aws_logs as logs,
    aws_s3 as s3,
    aws_secretsmanager as secretsmanager,
)
from conftest import ROOT
from test_api import snake

TABLE, SUBJECTS = (json.loads((ROOT / "test" / "consumers" / file).read_text()) for file in ("values.json", "subjects.json"))
RETENTION = {1: "ONE_DAY", 30: "ONE_MONTH", 365: "ONE_YEAR", 3653: "TEN_YEARS"}
UNDEFINED = object()


def arn(service, resource):
    return f"arn:aws:{service}:us-east-1:111111111111:{resource}"


GIVEN = {
    "bucket": lambda scope: s3.Bucket.from_bucket_name(scope, "Bucket", "acme-logs"),
    "certificate": lambda scope: acm.Certificate.from_certificate_arn(
        scope, "Certificate", arn("acm", "certificate/0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c")),
    "pipeline": lambda scope: codepipeline.Pipeline.from_pipeline_arn(scope, "Pipeline", arn("codepipeline", "theirs")),
    "repository": lambda scope: ecr.Repository.from_repository_name(scope, "Repository", "brought"),
    "login": lambda scope: library.RegistryLogin.from_secret(GIVEN["secret"](scope)),
    "secret": lambda scope: secretsmanager.Secret.from_secret_name_v2(scope, "Secret", "brought"),
    "role": lambda scope: iam.Role.from_role_name(scope, "Role", "leads"),
    "roleOfIdentityCenter": lambda scope: iam.Role.from_role_arn(
        scope, "Lead", "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Lead_0123456789abcdef"),
    "roleOfPermissionSet": lambda scope: iam.Role.from_role_name(scope, "Set", "AWSReservedSSO_Lead_0123456789abcdef"),
    "serviceLinkedRole": lambda scope: iam.Role.from_role_arn(
        scope, "Linked", "arn:aws:iam::111111111111:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"),
    "sourceInEurope": lambda scope: library.PipelineSource.connection(
        connection_arn="arn:aws:codeconnections:eu-west-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d",
        repository="acme/storefront"),
    "source": lambda scope: library.PipelineSource.connection(
        **{snake(key): value for key, value in SUBJECTS["PipelineSource.connection"].items()}),
    "steps": lambda scope: library.BuildSteps.commands(["npm test"]),
    "vpc": lambda scope: ec2.Vpc(scope, "Vpc"),
}

TOKENS = {
    "text": lambda: Token.as_string({"Ref": "Later"}),
    "number": lambda: Token.as_number({"Ref": "Later"}),
    "list": lambda: Token.as_list({"Ref": "Later"}),
    "duration": lambda: Duration.minutes(Token.as_number({"Ref": "Later"})),
}


def value_of(entry, scope, prop):
    """The value of an entry of the table."""
    if isinstance(entry, list):
        return [value_of(element, scope, prop) for element in entry]
    if not isinstance(entry, dict):
        # Python has an enum where JavaScript has its number.
        return logs.RetentionDays[RETENTION[entry]] if prop == "logRetention" and type(entry) is int and entry in RETENTION else entry
    if "$undefined" in entry:
        return UNDEFINED
    if "$a" in entry:
        return GIVEN[entry["$a"]](scope)
    if "$duration" in entry:
        unit, amount = entry["$duration"]
        return getattr(Duration, unit)(amount)
    if "$repeat" in entry:
        text, times = entry["$repeat"]
        return entry.get("before", "") + text * times + entry.get("after", "")
    if "$token" in entry:
        return TOKENS[entry["$token"]]()
    values = {key: value_of(value, scope, prop) for key, value in entry.items()}
    if "$environment" in values:
        name = values.pop("$environment")
        return library.PipelineEnvironment(name, **{snake(key): value for key, value in values.items()})
    return values


# Subjects that are props of another one: a variable of a build.
VARIABLE = codebuild.BuildEnvironmentVariable
TYPES = codebuild.BuildEnvironmentVariableType
VARIABLES = {
    "CachedBuildProject.variable": lambda props: {props["name"]: VARIABLE(value="")},
    "CachedBuildProject.secretVariable": lambda props: {"A": VARIABLE(type=TYPES.SECRETS_MANAGER, **props)},
    "CachedBuildProject.parameterVariable": lambda props: {"A": VARIABLE(type=TYPES.PARAMETER_STORE, **props)},
}


def make(subject, stack, props):
    """Creates a construct, or calls the static method of a value class, whose name follows the dot."""
    if subject in VARIABLES:
        return make("CachedBuildProject", stack, {"environment_variables": VARIABLES[subject](props)})
    name, _, method = subject.partition(".")
    required = {snake(prop): value_of(entry, stack, prop) for prop, entry in SUBJECTS.get(subject, {}).items() if snake(prop) not in props}
    place = (stack, "Subject") if "environmentSuffix" in SUBJECTS.get(subject, {}) else ()
    class_ = getattr(library, name)
    return (getattr(class_, snake(method)) if method else class_)(*place, **required, **props)


def error_of(row, entry):
    """The error of a value, or None if it is accepted."""
    stack = Stack(App(), "Storefront", env=Environment(region="us-east-1"))
    try:
        value = value_of(entry, stack, row["prop"])
        # None is what Python has for a required argument that is not there.
        left_out = value is UNDEFINED and {"$undefined": True} in row["good"]
        props = None if value is UNDEFINED else value
        for key in reversed(row["prop"].split(".")):
            props = {snake(key): props}
        make(row["subject"], stack, {} if left_out else props)
    except Exception as error:
        return error
    return None


def is_validation_error(error):
    """Whether the error is from the validation of the library, or from the type checks of jsii, which run first."""
    return re.search({
        RuntimeError: r" \[BGP\d{3}\] |Passed to parameter",
        TypeError: r"type of argument|unexpected keyword argument|missing \d+ required",
        AssertionError: r"Required property '\w+' is missing",
    }.get(type(error), "$never"), str(error)) is not None


def can_be_passed(entry, row):
    """Whether jsii can pass the value: its JSON protocol has no NaN, and None omits an optional prop in Python."""
    return "$number" not in json.dumps(entry) and not (entry is None and {"$undefined": True} in row["good"])


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['subject']}.{row['prop']}")
def test_every_valid_value_is_accepted_and_every_invalid_one_is_rejected(row):
    good = [(entry, error_of(row, entry)) for entry in row["good"]]
    bad = [(entry, error_of(row, entry)) for entry in row["bad"] if can_be_passed(entry, row)]

    assert [(entry, error) for entry, error in good if error is not None] == []
    assert [(entry, error) for entry, error in bad if error is None or not is_validation_error(error)] == []
