"""Invalid input is rejected with the message of docs/errors.md, which a Python user sees below a Python-only traceback."""

import re

import pytest
from conftest import ROOT
from org_bluegreen_pipeline import BlueGreenFargatePipeline, PipelineEnvironment, PipelineSource

CONNECTION = dict(
    connection_arn="arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d",
    repository="acme/storefront",
)


def message(code):
    """The message of a code in TypeScript."""
    [text] = re.findall(rf"^(.* \[{code}\])$", (ROOT / "docs" / "errors.md").read_text(), re.MULTILINE)
    return f"{text} https://github.com/org/bluegreen-pipeline/blob/main/docs/errors.md#{code.lower()}"


def pipeline(stack, **props):
    good = dict(environment_suffix="dev", source=PipelineSource.connection(**CONNECTION), notification_emails=["team@example.com"])
    return BlueGreenFargatePipeline(stack, "P", **{**good, **props})


def test_several_problems_are_refused_together(stack):
    with pytest.raises(RuntimeError) as refusal:
        pipeline(stack, environment_suffix="Dev", notification_emails=[], environments=[PipelineEnvironment("production", task_count=0)])

    header, *problems = str(refusal.value).split("\n  - ")
    assert header == "Storefront/P (BlueGreenFargatePipeline) has 3 problems:"
    assert problems[:2] == [message(code).removeprefix("Storefront/P (BlueGreenFargatePipeline): ") for code in ("BGP005", "BGP009")]
    assert problems[2].startswith("'environments[0].taskCount' must")


# The calls of a program that receive invalid input. jsii prefixes the error name to errors of a method, not of a constructor.
@pytest.mark.parametrize("code, kind, statement", [
    pytest.param("BGP010", "", """BlueGreenFargatePipeline(stack, "P", notification_emails=["The team <team@example.com>"],
        environment_suffix="dev", source=PipelineSource.connection(**CONNECTION))""", id="constructor"),
    pytest.param("BGP021", "InvalidInputError: ", """PipelineSource.connection(
        connection_arn=CONNECTION["connection_arn"], repository="https://github.com/acme/storefront")""", id="static method"),
    pytest.param("BGP016", "InvalidInputError: ",
        """gate.add_to_pipeline(codepipeline.Pipeline(Stack(app, "Elsewhere"), "Pipeline"))""", id="method"),
])
def test_a_user_sees_the_message_below_a_python_only_traceback(run_program, code, kind, statement):
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
    assert done.stderr.endswith(f"RuntimeError: {kind}{message(code)}\n")
    # Once as what JavaScript threw, and once as what Python raises from it.
    assert done.stderr.count(message(code)) == 2
    assert re.findall(r"^ +at .*|.*\.[cm]?js\b.*|.*Kernel.*", done.stderr, re.MULTILINE) == []
    assert re.search(r'File ".*app.py", line \d+, in build\n', done.stderr)
    assert list(outdir.glob("*.template.json")) == []
