"""Bad input is refused in the words of TypeScript, and a Python user sees them below a traceback of Python alone."""

import json
import re

import pytest
from org_bluegreen_pipeline import BlueGreenFargatePipeline, PipelineEnvironment, PipelineSource

CONNECTION = dict(
    connection_arn="arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d",
    repository="acme/storefront",
)
BAD_EMAIL = (
    "Storefront/P (BlueGreenFargatePipeline): 'notificationEmails[0]' must be an e-mail address, "
    'got "team@example"; for example "team@example.com" [BGP010] '
    "https://github.com/org/bluegreen-pipeline/blob/main/docs/errors.md#bgp010"
)


@pytest.fixture(scope="session")
def words(typescript):
    return json.loads((typescript / "refused.json").read_text())


def pipeline(stack, **props):
    good = dict(environment_suffix="dev", source=PipelineSource.connection(**CONNECTION), notification_emails=["team@example.com"])
    return BlueGreenFargatePipeline(stack, "P", **{**good, **props})


def test_a_bad_email_is_refused_with_the_words_of_typescript(stack, words):
    with pytest.raises(RuntimeError) as refusal:
        pipeline(stack, notification_emails=["team@example"])

    assert str(refusal.value) == BAD_EMAIL
    assert words["badEmail"] == BAD_EMAIL


def test_several_problems_are_refused_together_with_the_words_of_typescript(stack, words):
    with pytest.raises(RuntimeError) as refusal:
        pipeline(stack, environment_suffix="Dev", notification_emails=[], environments=[PipelineEnvironment("production", task_count=0)])

    assert str(refusal.value) == words["several"]
    header, *problems = words["several"].splitlines()
    assert header == "Storefront/P (BlueGreenFargatePipeline) has 3 problems:"
    assert [problem.split("'")[1] for problem in problems] == ["environmentSuffix", "notificationEmails", "environments[0].taskCount"]


def test_a_value_class_refuses_with_the_words_of_typescript(words):
    with pytest.raises(RuntimeError) as refusal:
        PipelineSource.connection(connection_arn="arn:aws:iam::111111111111:role/x", repository="storefront")

    # jsii puts the kind of an error before what a method raises, not before what a constructor raises.
    assert str(refusal.value) == f"InvalidInputError: {words['valueClass']}"
    assert "'connectionArn' must" in words["valueClass"]


def test_what_was_refused_leaves_nothing_in_the_tree(stack):
    with pytest.raises(RuntimeError):
        pipeline(stack, notification_emails=["team@example"])

    assert [str(child.node.id) for child in stack.node.children] == []
    pipeline(stack)


# Where bad input comes from in a program, whether jsii meets it in a constructor, in a static method or in a method; the message
# that jsii hands on has the kind of the error before it in the last two.
REFUSED = {
    "constructor": ("""BlueGreenFargatePipeline(stack, "P", notification_emails=["team@example"],
        environment_suffix="dev", source=PipelineSource.connection(**CONNECTION))""", BAD_EMAIL),
    "static method": ("""PipelineSource.connection(connection_arn="arn:aws:iam::111111111111:role/x", repository="storefront")""", None),
    "method": ("""gate.add_to_pipeline(codepipeline.Pipeline(Stack(stack, "Other"), "Theirs"))""",
        "InvalidInputError: Storefront/Gate (ApprovalGate): 'pipeline' must be in the same stack, got one in \"Storefront/Other\" for a "
        'construct in "Storefront"; move one of them [BGP016] '
        "https://github.com/org/bluegreen-pipeline/blob/main/docs/errors.md#bgp016"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_user_sees_the_message_below_a_traceback_of_python_alone(run_program, words, kind):
    statement, message = REFUSED[kind]
    message = message or f"InvalidInputError: {words['valueClass']}"
    done, outdir = run_program(f"""
from aws_cdk import App, Stack
from aws_cdk import aws_codepipeline as codepipeline
from org_bluegreen_pipeline import ApprovalGate, BlueGreenFargatePipeline, PipelineSource

CONNECTION = {CONNECTION!r}
app = App()
stack = Stack(app, "Storefront")
gate = ApprovalGate(stack, "Gate", environment_suffix="dev", environment_name="live", approver_emails=["leads@example.com"])

def build():
    {statement}

build()
app.synth()
""")

    assert done.returncode == 1
    assert done.stderr.endswith(f"RuntimeError: {message}\n")
    # Once as what JavaScript threw, and once as what Python raises from it.
    assert done.stderr.count(message.removeprefix("InvalidInputError: ").splitlines()[0]) == 2
    assert re.findall(r"^ +at .*|.*\.[cm]?js\b.*|.*Kernel.*", done.stderr, re.MULTILINE) == []
    assert re.search(r'File ".*app.py", line \d+, in build\n', done.stderr)
    assert list(outdir.glob("*.template.json")) == []


def test_what_is_thrown_after_a_refusal_that_was_caught_has_its_trace_again(run_program):
    done, _ = run_program("""
from aws_cdk import App, Stack
from org_bluegreen_pipeline import PipelineSource

stack = Stack(App(), "Storefront")
try:
    PipelineSource.connection(connection_arn="x", repository="x")
except RuntimeError:
    pass
stack.node.find_child("nobody")
""")

    assert "RuntimeError: Error: No child with id: 'nobody'" in done.stderr
    assert re.search(r"^ +at .*\.js:\d+", done.stderr, re.MULTILINE)


def test_a_required_prop_that_is_missing_is_named_in_python_terms(stack):
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'notification_emails'"):
        BlueGreenFargatePipeline(stack, "P", environment_suffix="dev", source=PipelineSource.connection(**CONNECTION))


def test_a_prop_of_the_wrong_type_is_named_in_python_terms(stack):
    with pytest.raises(TypeError, match='type of argument notification_emails must be a'):
        pipeline(stack, notification_emails=3)
