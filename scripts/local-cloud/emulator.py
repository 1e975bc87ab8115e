"""Starts MiniStack with what our templates need and MiniStack 1.5.33 lacks.

Run by emulator.ts as the long-lived process; every setting comes from its
environment. What is added falls in five groups; what is in 2 to 4 goes away
once the pinned version brings it:

1. a guard: the process can neither listen on nor connect to anything but
   this machine;
2. CloudFormation types that 1.5.33 refuses although it has the API behind
   them: they become real records there;
3. CloudFormation types without any API behind them: placeholder records;
4. values that 1.5.33 drops, and checks it does not make;
5. events of AWS services, which anyone may send here.
"""

import functools
import re
import sys
import time
from pathlib import Path

import yaml

# What is there of each type; those of group 3 are placeholders.
TYPES = yaml.safe_load(Path(__file__).with_name('types.yaml').read_text())

# The metric name of an alarm whose expression nothing evaluates; readback.py counts these.
NOT_EVALUATED = 'metric-math-not-evaluated'


def keep_to_this_machine():
    """Refuse every socket of this process that leaves the machine.

    BIND_HOST covers MiniStack's main port only; some of its services open
    ports of their own on all interfaces, and some call out.
    """
    def check(event, args):
        if event in ('socket.bind', 'socket.connect', 'socket.sendto'):
            address = args[1]
            if isinstance(address, tuple) and not re.fullmatch(r'127\..+|::1|localhost', str(address[0])):
                raise PermissionError(f'the local emulator keeps to this machine, and {address[0]!r} is beyond it')

    sys.addaudithook(check)


def ok(response):
    """The body of a successful answer of a MiniStack service function."""
    status, _, body = response
    text = body.decode() if isinstance(body, bytes) else body
    if status >= 300:
        message = re.search('<Message>(.+?)<', text)
        raise ValueError(message[1] if message else text)
    return text


def replace_on_update(create, delete):
    """The handlers of a type whose every change is a replacement, as on AWS."""
    def update(physical_id, old, new, stack_name, logical_id):
        delete(physical_id, old)
        return create(logical_id, new, stack_name)

    return {'create': create, 'update': update, 'update_with_logical_id': True, 'delete': delete}


def elastic_ip(ec2, cfn):
    def create(logical_id, props, stack_name):
        answer = ok(ec2._allocate_address({'Domain': ['vpc']}))
        allocation_id = re.search('<allocationId>(.+?)<', answer)[1]
        public_ip = re.search('<publicIp>(.+?)<', answer)[1]
        cfn._ec2_apply_tags(allocation_id, props)
        return public_ip, {'AllocationId': allocation_id, 'PublicIp': public_ip}

    def delete(public_ip, props):
        for allocation_id, address in list(ec2._addresses.items()):
            if address['PublicIp'] == public_ip:
                ok(ec2._release_address({'AllocationId': [allocation_id]}))

    return replace_on_update(create, delete)


def nat_gateway(ec2, cfn):
    def create(logical_id, props, stack_name):
        answer = ok(ec2._create_nat_gateway({key: [value] for key, value in props.items() if isinstance(value, str)}))
        nat_id = re.search('<natGatewayId>(.+?)<', answer)[1]
        cfn._ec2_apply_tags(nat_id, props)
        return nat_id, {'NatGatewayId': nat_id}

    def delete(nat_id, props):
        ok(ec2._delete_nat_gateway({'NatGatewayId': [nat_id]}))

    return replace_on_update(create, delete)


def security_group_rule(ec2, cfn, direction):
    """A rule of its own, beside those written into the AWS::EC2::SecurityGroup."""
    store = 'IpPermissions' if direction == 'ingress' else 'IpPermissionsEgress'

    def create(logical_id, props, stack_name):
        group = ec2._security_groups.get(props['GroupId'])
        if group is None:
            raise ValueError(f"Security group {props['GroupId']} does not exist")
        rule = cfn._ec2_sg_permissions([props])[0]
        group[store].append(rule)
        return ec2._sg_rule_id(props['GroupId'], direction == 'egress', rule), {}

    def delete(rule_id, props):
        group = ec2._security_groups.get(props['GroupId'])
        if group is not None:
            rule = cfn._ec2_sg_permissions([props])[0]
            group[store][:] = [other for other in group[store] if not ec2._rules_match(rule, other)]

    return replace_on_update(create, delete)


def placeholder(ref_properties):
    def create(logical_id, props, stack_name):
        names = [props[name] for name in ref_properties if props.get(name)]
        return '|'.join(names) or f'{stack_name}-{logical_id}', {'Version': '1'}

    return replace_on_update(create, lambda physical_id, props: None)


def extend_create(handlers, more):
    """Creates what the handlers create, with the attributes that `more` answers for it."""
    create = handlers['create']

    def create_with_more(logical_id, props, stack_name):
        physical_id, attributes = create(logical_id, props, stack_name)
        return physical_id, {**attributes, **more(physical_id, props)}

    handlers['create'] = create_with_more
    return handlers


def scalable_target(ecs):
    """A placeholder that does what registering one does: it brings the number of tasks into its range."""
    handlers = placeholder(TYPES['AWS::ApplicationAutoScaling::ScalableTarget']['placeholder'])
    create = handlers['create']

    def scale(logical_id, props, stack_name):
        service = ecs._services[props['ResourceId'].removeprefix('service/')]
        service['desiredCount'] = min(max(service['desiredCount'], int(props['MinCapacity'])), int(props['MaxCapacity']))
        return create(logical_id, props, stack_name)

    # As on AWS, a change of the range is no replacement.
    return {**handlers, 'create': scale, 'update': lambda physical_id, old, new, stack_name, logical_id: scale(logical_id, new, stack_name)}


def report_group(cfn):
    """A placeholder that answers its ARN as well: buildspecs and policies read it."""
    return extend_create(placeholder(TYPES['AWS::CodeBuild::ReportGroup']['placeholder']), lambda name, props: {
        'Arn': f'arn:aws:codebuild:{cfn.get_region()}:{cfn.get_account_id()}:report-group/{name}',
    })


def keep_bucket_tags(s3, cfn):
    """S3 bucket: 1.5.33 drops the tags, and CDK's auto-delete handler refuses a bucket without its tag."""
    cfn._S3_BUCKET_CONFIGURATIONS += (
        ('Tags', cfn._tag_map, s3._bucket_tags.__setitem__, lambda name: s3._bucket_tags.pop(name, None)),
    )


def refuse_full_buckets(s3, handlers):
    """S3 bucket: 1.5.33 deletes it with what is in it, so a destroy would say nothing about auto-delete."""
    def delete(name, props):
        if name in s3._buckets:
            ok(s3._delete_bucket(name))

    handlers['delete'] = delete


def keep_metric_math(cfn):
    """CloudWatch alarm: 1.5.33 refuses a metric-math alarm.

    It is created here with its threshold, name and actions, so SetAlarmState
    works; its expression is not evaluated, which the metric name says.
    """
    create_record = cfn._cw_metric_alarm_record

    def record(name, props):
        if not props.get('Metrics'):
            return create_record(name, props)
        return create_record(name, {**props, 'Metrics': None, 'Namespace': 'LocalEmulator', 'MetricName': NOT_EVALUATED})

    cfn._cw_metric_alarm_record = record


def task_set(status, load_balancers, **more):
    return {'id': f'ecs-svc/{time.time_ns()}', 'status': status, 'createdAt': time.time(), 'loadBalancers': load_balancers, **more}


def task_sets(ecs):
    """ECS: 1.5.33 knows no task sets, and updates whatever it is asked to.

    No CodeDeploy moves traffic here, but a test can make the calls that it
    would make. A service under it takes no other task definition, network or
    load balancer: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
    """
    def service_of(data):
        return ecs._services[f"{ecs._resolve_cluster_name(data['cluster'])}/{data['service'].split('/')[-1]}"]

    def create(data):
        sets = service_of(data)['taskSets']
        sets.append(task_set('ACTIVE', data['loadBalancers'], externalId=data['externalId']))
        return ecs.json_response({'taskSet': sets[-1]})

    def make_primary(data):
        for one in service_of(data)['taskSets']:
            one['status'] = 'PRIMARY' if one['id'] == data['primaryTaskSet'] else 'ACTIVE'
        return ecs.json_response({})

    def delete(data):
        service = service_of(data)
        service['taskSets'] = [one for one in service['taskSets'] if one['id'] != data['taskSet']]
        return ecs.json_response({})

    update_anything = ecs._update_service

    def update(data):
        frozen = [key for key in ('taskDefinition', 'networkConfiguration', 'loadBalancers') if key in data]
        if frozen and service_of(data)['deploymentController']['type'] == 'CODE_DEPLOY':
            return ecs.error_response_json('InvalidParameterException', f'Unable to update {frozen[0]} on services with a CODE_DEPLOY '
                                           'deployment controller. Use AWS CodeDeploy to trigger a new deployment.', 400)
        return update_anything(data)

    ecs._update_service = update
    ecs._ACTION_MAP.update({
        'CreateTaskSet': create, 'DeleteTaskSet': delete, 'UpdateService': update, 'UpdateServicePrimaryTaskSet': make_primary,
    })


def keep_service_values(ecs):
    """ECS service: 1.5.33 drops the deployment controller (it becomes ECS) and the grace period."""
    def keep(arn, props):
        cluster, name = arn.split('/')[-2:]
        service = ecs._services[f'{cluster}/{name}']
        service['deploymentController'] = {'type': props.get('DeploymentController', {}).get('Type', 'ECS')}
        service['healthCheckGracePeriodSeconds'] = int(props.get('HealthCheckGracePeriodSeconds', 0))
        service['taskSets'] = [task_set('PRIMARY', service['loadBalancers'])]
        return {}

    return keep


def publish_as_aws(eventbridge):
    """EventBridge: like AWS, 1.5.33 takes events of aws.codepipeline and the like from AWS services only.

    Here no service sends them, so anyone may: that is how our alerts can be made to go off.
    """
    eventbridge._put_events = functools.partial(eventbridge._put_events, allow_aws_source=True)


def install():
    from ministack.services import ec2, ecs, eventbridge, s3
    from ministack.services.cloudformation import provisioners as cfn

    handlers = cfn._RESOURCE_HANDLERS
    additions = {
        'AWS::EC2::EIP': elastic_ip(ec2, cfn),
        'AWS::EC2::NatGateway': nat_gateway(ec2, cfn),
        'AWS::EC2::SecurityGroupIngress': security_group_rule(ec2, cfn, 'ingress'),
        'AWS::EC2::SecurityGroupEgress': security_group_rule(ec2, cfn, 'egress'),
        **{name: placeholder(type_['placeholder']) for name, type_ in TYPES.items() if 'placeholder' in type_},
        'AWS::ApplicationAutoScaling::ScalableTarget': scalable_target(ecs),
        'AWS::CodeBuild::ReportGroup': report_group(cfn),
    }
    brought = sorted(additions.keys() & handlers.keys())
    if brought:
        raise SystemExit(f'this MiniStack brings {", ".join(brought)} itself: remove it from {__file__}')
    handlers.update(additions)
    # 1.5.33 does not answer GetAtt CidrBlock, which the rules of an internal load balancer read.
    extend_create(handlers['AWS::EC2::VPC'], lambda vpc_id, props: {'CidrBlock': props['CidrBlock']})
    extend_create(handlers['AWS::ECS::Service'], keep_service_values(ecs))
    task_sets(ecs)
    keep_bucket_tags(s3, cfn)
    refuse_full_buckets(s3, handlers['AWS::S3::Bucket'])
    keep_metric_math(cfn)
    publish_as_aws(eventbridge)


if __name__ == '__main__':
    keep_to_this_machine()
    install()
    from ministack.app import main
    main()
