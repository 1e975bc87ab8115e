"""Fixtures of the Python tests: a stack, a runner of programs, and the output of the same programs in TypeScript."""

import json
import os
import subprocess
import sys
from pathlib import Path

# CDK's built-in validation takes 3 seconds for the first stack; the example is synthesised with it. Before aws_cdk is imported,
# because that starts the Node.js process behind it.
os.environ["CDK_VALIDATION"] = "false"
# No test reads where a program created a resource, and CDK records a stack trace for each resource.
os.environ["CDK_CONTEXT_JSON"] = json.dumps({
    "aws:cdk:disable-creation-stack-traces": True, "aws:cdk:disable-stack-trace": True})

import pytest
from aws_cdk import App, Environment, Stack

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def stack():
    return Stack(App(), "Storefront", env=Environment(region="us-east-1"))


@pytest.fixture(scope="session")
def typescript():
    """The folder with the TypeScript programs and their output, which scripts/test-python.ts creates."""
    return Path(os.environ["TYPESCRIPT_PROGRAMS"])


@pytest.fixture
def run_program(tmp_path):
    """Runs a program like the CDK CLI; returns the completed process and the output folder."""
    def run(code):
        program = tmp_path / "app.py"
        program.write_text(code)
        outdir = tmp_path / "cdk.out"
        done = subprocess.run(
            [sys.executable, str(program)], capture_output=True, text=True, cwd=tmp_path,
            env={**os.environ, "CDK_OUTDIR": str(outdir)})
        return done, outdir

    return run
