import { Api, apiBreaks } from '../../scripts/compat/api';
import { Baseline, baselineOf, breaksBetween, outdatedFiles } from '../../scripts/compat/baseline';
import { complaints } from '../../scripts/compat/breaks';
import { codeBreaks, currentCodes } from '../../scripts/compat/codes';
import { templateBreaks } from '../../scripts/compat/templates';

const BASELINE = baselineOf();
const LIBRARY = '@org/bluegreen-pipeline';

const copied = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const keysOf = (breaks: readonly { readonly key: string }[]) => breaks.map(({ key }) => key).sort();

test('each incompatible change of the API is a break', () => {
  const api = copied(BASELINE.api) as Api & { types: { [fqn: string]: any } };
  const typeNamed = (name: string) => api.types[`${LIBRARY}.${name}`];
  const named = (members: { name: string }[], name: string): any => members.find((member) => member.name === name);
  delete api.types[`${LIBRARY}.DashboardDeployment`];
  typeNamed('BuildCache').methods = typeNamed('BuildCache').methods.filter(({ name }: { name: string }) => name !== 's3');
  delete named(typeNamed('SecureArtifactBucketProps').properties, 'expiration').optional;
  named(typeNamed('EcsBlueGreenDeployment').methods, 'addRollbackAlarm').parameters.push({ name: 'now', type: { primitive: 'boolean' } });
  named(typeNamed('EcsBlueGreenDeployment').properties, 'cluster').optional = true;
  typeNamed('PipelineEnvironment').initializer.parameters[0].name = 'label';

  expect(keysOf(apiBreaks(BASELINE.api, api))).toEqual([
    `api: CLASS ${LIBRARY}.DashboardDeployment: has been removed`,
    `api: IFACE ${LIBRARY}.SecureArtifactBucketProps: newly required property 'expiration' used to be optional: `
      + `input to ${LIBRARY}.SecureArtifactBucket.<initializer>`,
    `api: METHOD ${LIBRARY}.BuildCache.s3: has been removed`,
    `api: METHOD ${LIBRARY}.EcsBlueGreenDeployment.addRollbackAlarm: argument now, newly required argument.`,
    `api: PARAMETER ${LIBRARY}.PipelineEnvironment.<initializer>.name: has been renamed to label`,
    `api: PROP ${LIBRARY}.EcsBlueGreenDeployment.cluster: type Optional<aws-cdk-lib.aws_ecs.Cluster> (formerly aws-cdk-lib.aws_ecs.Cluster): output type is now optional`,
  ]);
}, 60_000);

test('an API that jsii-diff cannot read is an error', () => {
  expect(() => apiBreaks(BASELINE.api, { ...BASELINE.api, dependencies: { nothing: '^1.0.0' } })).toThrow('jsii-diff did not compare the APIs');
}, 60_000);

const EXECUTIONS = 'arn:aws:states:us-east-1:<account>:execution:state-machine-live-production-dev';

type Resources = { [id: string]: { Type: string; Properties: any } };

/** The breaks of the smallest program after an edit of its resources. */
function breaksAfter(edit: (resources: Resources, idOf: (type: string, name?: string) => string) => void): string[] {
  const { smallest: before } = BASELINE.templates;
  const after = copied(before) as unknown as { Resources: Resources };
  edit(after.Resources, (type, name = '') => {
    const ids = Object.keys(after.Resources).filter((id) => after.Resources[id].Type === type && id.includes(name));
    expect(ids).toHaveLength(1);
    return ids[0];
  });
  return keysOf(templateBreaks({ smallest: before }, { smallest: after as never }));
}

test.each<[string, Parameters<typeof breaksAfter>[0], string[]]>([
  ['another logical id', (all, idOf) => {
    const id = idOf('AWS::ApplicationAutoScaling::ScalableTarget', 'Production');
    all.Other = all[id];
    delete all[id];
  }, ['smallest: removed PDeployProductionServiceTaskCountTarget4035C2F2']],
  ['another physical name', (all, idOf) => {
    all[idOf('AWS::CloudWatch::Dashboard')].Properties.DashboardName = 'storefront';
  }, ['smallest: replaced PDashboard2CD3C087']],
  ['another name of a VPC', (all, idOf) => {
    all[idOf('AWS::EC2::VPC')].Properties.Tags.find(({ Key }: { Key: string }) => Key === 'Name').Value = 'network';
  }, ['smallest: renamed PVpc75020802']],
  ['another value of a frozen property', (all, idOf) => {
    all[idOf('AWS::ECS::Service', 'Production')].Properties.HealthCheckGracePeriodSeconds = 90;
  }, ['smallest: service-rejected PDeployProductionServiceAD10EF0B']],
  ['a removed permission', (all, idOf) => {
    const { Policies } = all[idOf('AWS::IAM::Role', 'DeployProductionTagActionRole')].Properties;
    Policies[1].PolicyDocument.Statement.find(({ Action }: { Action: unknown }) => Action === 'states:DescribeExecution').Action = 'states:StopExecution';
  }, [
    `smallest: new access: role-tag-production-dev-us-east-1: states:StopExecution on ${EXECUTIONS}:*`,
    'smallest: permission-lost the pipeline: '
      + `role-tag-production-dev-us-east-1: states:DescribeExecution on ${EXECUTIONS}:0123456789abcdef`,
    `smallest: removed access: role-tag-production-dev-us-east-1: states:DescribeExecution on ${EXECUTIONS}:*`,
  ]],
  ['a new permission', (all, idOf) => {
    const { Policies } = all[idOf('AWS::IAM::Role', 'DeployProductionCodeDeployRole')].Properties;
    Policies[0].PolicyDocument.Statement.push({ Effect: 'Allow', Action: 'ecs:StopTask', Resource: 'arn:aws:ecs:us-east-1:111111111111:task/t' });
  }, ['smallest: new access: role-codedeploy-production-dev-us-east-1: ecs:StopTask on arn:aws:ecs:us-east-1:111111111111:task/t']],
])('%s in a template is a break', (_, edit, keys) => {
  expect(breaksAfter(edit)).toEqual(keys);
});

test('a template that changes nothing but a description has no break', () => {
  expect(breaksAfter((all, idOf) => {
    all[idOf('AWS::CloudWatch::Alarm', 'Undelivered9')].Properties.AlarmDescription = 'Alerts were not delivered.';
  })).toEqual([]);
});

test('a removed error code and a warning that became an error are breaks', () => {
  const { BGP012: _, ...codes } = BASELINE.codes;

  expect(currentCodes().BGP162).toBe('as a warning');
  expect(keysOf(codeBreaks(BASELINE.codes, { ...codes, BGP162: 'as an error', BGP999: 'as an error' }))).toEqual(['changed BGP162', 'removed BGP012']);
});

test('a break must be declared, and a declaration must occur and say why and what a user does', () => {
  const removed = { key: 'removed BGP012', details: 'on purpose' };
  const sentences = { why: 'The rule is part of BGP002 now.', upgrade: 'Acknowledge BGP002 in its place.' };

  expect(complaints([removed], [])).toEqual(['removed BGP012\n  on purpose']);
  expect(complaints([removed], [{ keys: [removed.key], ...sentences }])).toEqual([]);
  expect(complaints([], [{ keys: [removed.key], ...sentences }])).toEqual(['compat/breaks.yaml declares a break that does not occur: removed BGP012']);
  expect(complaints([removed], [{ keys: [removed.key], ...sentences, upgrade: 'none' }])).toEqual([
    'compat/breaks.yaml must say why, and what a user does ("upgrade"), in sentences: removed BGP012',
  ]);
});

test('each part of the baseline is compared, and must be current when a release exists', () => {
  const { BGP012: _, ...codes } = BASELINE.codes;
  const current: Baseline = { ...BASELINE, codes };

  expect(keysOf(breaksBetween(BASELINE, current))).toEqual(['removed BGP012']);
  expect(outdatedFiles(BASELINE, current)).toEqual(['compat/codes.json']);
  expect(outdatedFiles(BASELINE, BASELINE)).toEqual([]);
}, 60_000);
