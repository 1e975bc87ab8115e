"""What the example must be told, and the message when it is not."""

import json
import re
import sys
from typing import Dict, NamedTuple

from aws_cdk import App


class Rule(NamedTuple):
    pattern: str
    rule: str
    example: str


REQUIRED = {
    "connectionArn": Rule(
        r"arn:aws[a-z-]*:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection/[0-9A-Za-z]{8}(-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}",
        "the ARN of a CodeConnections connection",
        "arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d",
    ),
    "repository": Rule(r"(?!.*\.git$)(?!.*(^|/)\.{1,2}(/|$))[\w.-]+(/[\w.-]+)+", "owner/name", "acme/storefront"),
    "notificationEmail": Rule(
        r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@([A-Za-z0-9-]+\.)+[A-Za-z][A-Za-z0-9]+",
        "an e-mail address",
        "team@example.com",
    ),
    "environmentSuffix": Rule(
        r"(?=.{1,12}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
        "at most 12 lower-case letters, digits and single hyphens, starting with a letter",
        "dev",
    ),
}


def required_context(app: App) -> Dict[str, str]:
    """Reads what the example needs from the CDK context.

    Ends the program with one message that names each value that is missing or malformed, before anything is made. The library
    checks them again; this knows how they are given, and names all of them at once.
    """
    values = {name: app.node.try_get_context(name) for name in REQUIRED}
    problems = []
    for name, (pattern, rule, example) in REQUIRED.items():
        value = values[name]
        if isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII):
            continue
        found = "is missing" if value in (None, "") else f"is malformed: {json.dumps(value)}"
        problems.append(f"  {name} {found}; give {rule}:  -c {name}={example}")
    if problems:
        # An exception would bury the message under a traceback, and there is nothing to debug.
        print(f"The example cannot be synthesised: of its {len(REQUIRED)} context values these are missing or malformed",
            *problems, sep="\n", file=sys.stderr)
        sys.exit(1)
    return values
