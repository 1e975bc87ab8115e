"""The same program in Python and in TypeScript gives the same template, byte for byte, and the same other files."""

import pytest
from conftest import ROOT
from samples import WHEEL_README, fences


def programs():
    # The hand-written sample of the README is the program; the one before it is translated from TypeScript and never synthesised.
    smallest = next(code for code in fences(WHEEL_README, "python") if "app.synth()" in code)
    everything = (ROOT / "test" / "python" / "everything.py").read_text()
    return [("smallest", "Storefront", smallest), ("everything", "Everything", everything)]


@pytest.mark.parametrize("program, stack, code", programs(), ids=lambda value: value if "\n" not in value else "")
def test_python_gives_the_same_template_as_typescript(program, stack, code, run_program, typescript):
    done, outdir = run_program(code)

    assert done.returncode == 0, done.stderr
    for kind in ("template", "assets"):
        name = f"{stack}.{kind}.json"
        expected = (typescript / f"{program}.cdk.out" / name).read_bytes()
        assert len(expected) > 500
        assert (outdir / name).read_bytes() == expected, name
