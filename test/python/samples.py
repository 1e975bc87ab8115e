"""The Python samples for users: in Markdown, and in the docstrings that jsii generates."""

import re
import textwrap
from importlib.metadata import metadata

# The README as PyPI shows it: its TypeScript samples are translated.
WHEEL_README = metadata("org.bluegreen-pipeline").get_payload()


def fences(markdown, language):
    """The code between the fences of a language, without the indentation of a surrounding list."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", markdown, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(code) for _, code in found]


def docstring_examples(documentation):
    """The code below each `Example::` of a docstring."""
    found = re.findall(r"^ *Example::\n\n((?: {4,}.*\n| *\n)+)", textwrap.dedent("    " + (documentation or "") + "\n"), re.MULTILINE)
    return [textwrap.dedent(code) for code in found]
