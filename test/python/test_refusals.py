"""Bad input is refused in the words of TypeScript, and a Python user sees them last, below the traceback."""

import json

import pytest
from org_bluegreen_pipeline import BlueGreenFargatePipeline, PipelineEnvironment, PipelineSource

CONNECTION = dict(
    connection_arn="arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d",
    repository="acme/storefront",
)
BAD_EMAIL = (
    "Storefront/P (BlueGreenFargatePipeline): 'notificationEmails[0]' must be an e-mail address, "
    'got "team@example"; for example "team@example.com"'
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
        pipeline(stack, environment_suffix="Dev", notification_emails=[], environments=[PipelineEnvironment(name="production", task_count=0)])

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


def test_the_words_are_the_last_that_a_user_sees(run_program):
    done, outdir = run_program(f"""
from aws_cdk import App, Stack
from org_bluegreen_pipeline import BlueGreenFargatePipeline, PipelineSource

app = App()
BlueGreenFargatePipeline(Stack(app, "Storefront"), "P",
    environment_suffix="dev",
    source=PipelineSource.connection(**{CONNECTION!r}),
    notification_emails=["team@example"],
)
app.synth()
""")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"RuntimeError: {BAD_EMAIL}"
    assert list(outdir.glob("*.template.json")) == []


def test_a_required_prop_that_is_missing_is_named_in_python_terms(stack):
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'notification_emails'"):
        BlueGreenFargatePipeline(stack, "P", environment_suffix="dev", source=PipelineSource.connection(**CONNECTION))


def test_a_prop_of_the_wrong_type_is_named_in_python_terms(stack):
    with pytest.raises(TypeError, match='type of argument notification_emails must be a'):
        pipeline(stack, notification_emails=3)
