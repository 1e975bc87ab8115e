"""Reads back, through the emulator's service APIs, what a deploy or a destroy left there.

    readback.py everything        all that the services list, by type, as JSON
    readback.py stacks            the names of the stacks that exist, one a line
    readback.py show STACK...     a table of what the stacks hold, and addresses; fails if something is missing
    readback.py leftovers FILE REGION...
                                  what is there beyond FILE, an earlier `everything`, and the stacks that exist in
                                  the regions (buckets and roles are listed in all); fails if it is unexpected

CloudFormation's own word is not enough for a table: it says CREATE_COMPLETE
for a placeholder as well. So every type is looked for in its own service.
Endpoint, region and credentials come from the environment.
"""

import collections
import json
import os
import re
import shlex
import signal
import sys
from pathlib import Path

import botocore.session
import jmespath

from emulator import NOT_EVALUATED, TYPES

# What a person can try with curl alone: a label, and the request to the emulator, made from the id. One request
# is signed, with the made-up keys: by nothing else can MiniStack tell that it is for CloudWatch.
ADDRESSES = {
    'AWS::ECS::Service': ('service', lambda arn: json_request(
        'AmazonEC2ContainerServiceV20141113.DescribeServices', cluster=arn.split('/')[-2], services=[key(arn)],
    )),
    'AWS::ElasticLoadBalancingV2::LoadBalancer': ('load balancer', lambda arn: ['-H', f'Host: {dns_name(arn)}', '']),
    'AWS::CodeBuild::Project': ('build project', lambda name: json_request('CodeBuild_20161006.BatchGetProjects', names=[name])),
    'AWS::ECR::Repository': ('repository', lambda name: json_request(
        'AmazonEC2ContainerRegistry_V20150921.DescribeRepositories', repositoryNames=[name],
    )),
    'AWS::S3::Bucket': ('bucket', lambda name: [f'{name}?versions']),
    'AWS::SNS::Topic': ('subscriptions', lambda arn: [f'?Action=ListSubscriptionsByTopic&TopicArn={arn}']),
    'AWS::CloudWatch::Dashboard': ('dashboard', lambda name: [
        '--user', 'test:test', '--aws-sigv4', f"aws:amz:{os.environ['AWS_REGION']}:monitoring", f'?Action=GetDashboard&DashboardName={name}',
    ]),
}

session = botocore.session.get_session()


def ask(service, operation, expression, **parameters):
    client = session.create_client(service)
    if client.can_paginate(operation):
        found = client.get_paginator(operation).paginate(**parameters).search(expression)
    else:
        found = jmespath.search(expression, getattr(client, operation)(**parameters))
    return {identifier for identifier in found or [] if identifier}


def listing(resource_type):
    """The ids of everything of a type that its service lists, or None for a type that none lists."""
    type_ = TYPES.get(resource_type, {})
    if 'each' in type_:
        parent, parameter = type_['each']
        return {found for one in ask(*TYPES[parent]['listed']) for found in ask(*type_['listed'], **{parameter: one})}
    return ask(*type_['listed']) if 'listed' in type_ else None


def key(identifier):
    """What a service's id (often an ARN) and CloudFormation's id of the same thing have in common."""
    return identifier.rsplit('/', 1)[-1]


def json_request(target, **body):
    return ['-H', f'X-Amz-Target: {target}', '-d', json.dumps(body), '']


def dns_name(arn):
    return ask('elbv2', 'describe_load_balancers', 'LoadBalancers[].DNSName', LoadBalancerArns=[arn]).pop()


def everything():
    return {name: sorted(listing(name)) for name, type_ in TYPES.items() if 'listed' in type_ and 'part' not in type_}


def stack_statuses(region=None):
    stacks = session.create_client('cloudformation', region).describe_stacks()['Stacks']
    return {stack['StackName']: stack['StackStatus'] for stack in stacks if stack['StackStatus'] != 'DELETE_COMPLETE'}


def stack_resources(stack_name, region=None):
    pages = session.create_client('cloudformation', region).get_paginator('list_stack_resources').paginate(StackName=stack_name)
    by_type = collections.defaultdict(list)
    for summary in pages.search("StackResourceSummaries[?ResourceStatus!='DELETE_COMPLETE']"):
        by_type[summary['ResourceType']].append(summary['PhysicalResourceId'])
    return by_type


def describe(resource_type, identifiers):
    """How much of a type is there: a sort rank, the words for it, and whether something is missing."""
    type_ = TYPES.get(resource_type, {})
    if 'placeholder' in type_:
        return 2, 'PLACEHOLDER: a name in the stack, nothing behind it', False
    if resource_type.startswith('Custom::'):
        return 1, 'its function ran here and answered', False
    listed = listing(resource_type)
    if listed is None:
        return 1, "created by CloudFormation's word; no service lists it", False
    found = {key(identifier) for identifier in listed} & {key(identifier) for identifier in identifiers}
    words = f'read back: {len(found)} of {len(identifiers)}'
    notes = [type_['limit']] if 'limit' in type_ else []
    if resource_type == 'AWS::CloudWatch::Alarm':
        unevaluated = ask('cloudwatch', 'describe_alarms', f"MetricAlarms[?MetricName=='{NOT_EVALUATED}'].AlarmName") & set(identifiers)
        notes += [f'{len(unevaluated)} with metric math: kept, not evaluated'] if unevaluated else []
    return 0, '; '.join([words, *notes]), len(found) < len(set(identifiers))


def show(stack_names):
    incomplete = False
    for stack_name in stack_names:
        status = stack_statuses().get(stack_name, 'does not exist')
        by_type = stack_resources(stack_name) if status != 'does not exist' else {}
        print(f'\nStack {stack_name}: {status}, {sum(map(len, by_type.values()))} resources\n')
        rows = []
        for resource_type, identifiers in by_type.items():
            rank, words, missing = describe(resource_type, identifiers)
            incomplete = incomplete or missing
            rows.append((rank, resource_type, len(identifiers), ('MISSING, ' if missing else '') + words))
        width = max((len(row[1]) for row in rows), default=0)
        for _, resource_type, count, words in sorted(rows):
            print(f'  {count:3}  {resource_type:{width}}  {words}')
        show_addresses(stack_name, by_type)
        incomplete = incomplete or not re.fullmatch('(CREATE|UPDATE)_COMPLETE', status)
    return incomplete


def show_addresses(stack_name, by_type):
    print('\nAddresses to try with curl\n')
    requests = [('stack', [f'?Action=ListStackResources&StackName={stack_name}'])]
    for resource_type, (label, request) in ADDRESSES.items():
        requests += [(label, request(identifier)) for identifier in by_type.get(resource_type, [])]
    for label, (*options, path) in requests:
        print(f'  {label:13}  {shlex.join(["curl", *options, os.environ["AWS_ENDPOINT_URL"] + "/" + path])}')


def leftovers(baseline, regions):
    claimed = collections.defaultdict(set)
    for region in regions:
        for stack_name in stack_statuses(region):
            for resource_type, identifiers in stack_resources(stack_name, region).items():
                claimed[resource_type].update(map(key, identifiers))
    unexpected = False
    for resource_type, identifiers in everything().items():
        for identifier in identifiers:
            owner_type, owner = owner_of(resource_type, identifier)
            if identifier in baseline[resource_type] or key(identifier) in claimed[resource_type] or owner in claimed[owner_type]:
                continue
            expected = owner_type == 'AWS::Lambda::Function'
            unexpected = unexpected or not expected
            words = 'the function wrote it by itself; it outlives the stack on AWS too' if expected else 'NOT EXPECTED'
            print(f'  {resource_type} {identifier}: {words}')
    return unexpected


def owner_of(resource_type, identifier):
    """What something that no stack made belongs to: the log group that a function writes, a subscription of the user's own."""
    if resource_type == 'AWS::Logs::LogGroup' and identifier.startswith('/aws/lambda/'):
        return 'AWS::Lambda::Function', key(identifier)
    if resource_type == 'AWS::SNS::Subscription':
        return 'AWS::SNS::Topic', identifier.rpartition(':')[0]
    return None, None


COMMANDS = {
    'everything': lambda: print(json.dumps(everything())),
    'stacks': lambda: print('\n'.join(stack_statuses())),
    'show': lambda *stack_names: show(stack_names),
    'leftovers': lambda baseline, *regions: leftovers(json.loads(Path(baseline).read_text()), regions),
}

if __name__ == '__main__':
    # Ctrl-C ends it without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _, command, *arguments = sys.argv
    sys.exit(1 if COMMANDS[command](*arguments) else 0)
