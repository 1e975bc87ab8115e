"""The command in the wheel: jsii turns `bin` of the npm package into a script of the environment."""

import json
import subprocess
import sys
from pathlib import Path

from samples import WHEEL_README, fences

SCRIPT = Path(sys.executable).with_name("bluegreen-pipeline")


def run(*arguments):
    return subprocess.run([SCRIPT, *map(str, arguments)], capture_output=True, text=True)


def test_the_command_explains_the_output_of_a_python_app(run_program):
    smallest = next(code for code in fences(WHEEL_README, "python") if "app.synth()" in code)
    program, assembly = run_program(smallest)
    assert program.returncode == 0, program.stderr
    done = run("explain", assembly, "--json")

    assert done.returncode == 0, done.stderr
    [stack] = json.loads(done.stdout)["stacks"]
    assert stack["stack"] == "Storefront"
    assert [environment["name"] for environment in stack["environments"]] == ["staging", "production"]


def test_the_command_exits_with_two_if_there_is_nothing_to_read(tmp_path):
    done = run("permissions", tmp_path / "nowhere")

    assert done.returncode == 2
    assert "there is no folder" in done.stderr
