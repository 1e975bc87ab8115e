"""A type checker finds the types of the library in user programs."""

import subprocess
import sys

import pytest
from conftest import ROOT

EVERYTHING = ROOT / "test" / "python" / "everything.py"
MISTAKES = [
    ('environment_suffix="modules"', 'environment_sufix="modules"', 'Unexpected keyword argument "environment_sufix"'),
    ("task_count=3", 'task_count="3"', 'Argument "task_count" to "production" of "PipelineEnvironment" has incompatible type "str"'),
    ("shop.alarms.notify_on", "shop.alarms.notifyOn", '"PipelineAlarms" has no attribute "notifyOn"'),
    ("TrafficShift.all_at_once()", "BuildImage.AMAZON_LINUX_2023", 'Argument "traffic_shift" to "PipelineEnvironment" has incompatible type "BuildImage"'),
]


@pytest.fixture
def mypy(tmp_path):
    # The types of aws-cdk-lib itself are left out: reading them takes a minute.
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\n[mypy-aws_cdk.*]\nfollow_imports = skip\n")

    def check(*programs):
        return subprocess.run(
            [sys.executable, "-m", "mypy", "--config-file", str(config), "--cache-dir", str(tmp_path / "cache"), *map(str, programs)],
            capture_output=True, text=True, cwd=ROOT / "examples" / "python")

    return check


def test_correct_programs_have_no_type_errors(mypy):
    done = mypy("app.py", EVERYTHING)

    assert done.stdout.startswith("Success: no issues found in 2 source files"), done.stdout


def test_each_mistake_is_found(mypy, tmp_path):
    code = EVERYTHING.read_text()
    for right, wrong, _ in MISTAKES:
        assert right in code
        code = code.replace(right, wrong)
    program = tmp_path / "program.py"
    program.write_text(code)

    done = mypy(program)

    assert done.returncode == 1
    assert [error for _, _, error in MISTAKES if error not in done.stdout] == []
