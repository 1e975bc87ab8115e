"""Prints what is wrong with the commands of the AWS CLI in Markdown pages.

Operations and parameters must be those of the services' own models, and names
that end with the suffix of the integration test must be in its template.
"""

import json
import re
import shlex
import sys
from pathlib import Path

import botocore.session
from botocore import xform_name

# Where the CLI has a name of its own for a service or for a parameter.
SERVICES = {'deploy': 'codedeploy', 's3api': 's3'}
RENAMED = {('sns', 'notification-endpoint'): 'endpoint'}
# Options of the CLI itself.
OPTIONS = {'query', 'output', 'region', 'max-items'}
PLACEHOLDER = 'PLACEHOLDER'

session = botocore.session.get_session()


def commands(page):
    for block in re.findall(r'^ *```sh\n(.*?)^ *```', page, re.M | re.S):
        for line in block.replace('\\\n', ' ').splitlines():
            # Not the commands for files, such as `aws s3 rm`, which no model has.
            yield from re.findall(r'(?:^|[(;|] *)(aws (?!s3 ).*?)(?: #|$|\)(?= |$)| \|)', line.strip())


def problems(command, names):
    words = shlex.split(re.sub(r'<[^>]*>', PLACEHOLDER, command))
    _, service, operation, *arguments = words
    try:
        model = session.get_service_model(SERVICES.get(service, service))
    except botocore.exceptions.UnknownServiceError:
        return [f'there is no service {service}']
    operations = {xform_name(name, '-'): name for name in model.operation_names}
    if operation not in operations:
        return [f'{service} has no operation {operation}']
    members = model.operation_model(operations[operation]).input_shape.members
    required = model.operation_model(operations[operation]).input_shape.required_members
    parameters = {xform_name(name, '-'): (name, shape) for name, shape in members.items()}
    found, given = [], set()
    for option, values in options(arguments):
        if option in OPTIONS:
            continue
        name, shape = parameters.get(RENAMED.get((service, option), option.removeprefix('no-')), (None, None))
        if shape is None or option.startswith('no-') and shape.type_name != 'boolean':
            found.append(f'{service} {operation} has no option --{option}')
            continue
        given.add(name)
        values_of = shape.member if shape.type_name == 'list' else shape
        if values_of.type_name == 'string' and values_of.enum:
            found += [f'--{option} cannot be {value}' for value in values if value not in [*values_of.enum, PLACEHOLDER]]
        if (shape.type_name == 'boolean') == bool(values):
            found.append(f'--{option} has {len(values)} values')
    found += [f'{service} {operation} needs --{xform_name(name, "-")}' for name in required if name not in given]
    return found + [f'nothing is named {name}' for name in re.findall(r'[a-z][a-z0-9-]*-dev\b', command) if name not in names]


def options(arguments):
    found = []
    for argument in arguments:
        if argument.startswith('--'):
            found.append((argument[2:], []))
        else:
            found[-1][1].append(argument)
    return found


def main(template, *pages):
    # Every word of the template, so that names within ARNs count.
    names = set(re.findall(r'[a-z][a-z0-9-]*-dev\b', Path(template).read_text())) | {Path(template).name.removesuffix('.template.json')}
    found = [(page, command) for page in pages for command in commands(Path(page).read_text())]
    wrong = [f'{page}: {command}: {problem}' for page, command in found for problem in problems(command, names)]
    print(json.dumps({'commands': len(found), 'problems': wrong}))


main(*sys.argv[1:])
