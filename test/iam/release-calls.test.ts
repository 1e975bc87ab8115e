import { aws_lambda as lambda } from 'aws-cdk-lib';
import { PLACE as ACCOUNT } from './account';
import { BuildCache, BuildReport, BuildSteps, RegistryCredentials, RegistryLogin } from '../../src';
import { Call } from '../../src/cli/calls/call';
import { releaseCalls } from '../../src/cli/calls/release-calls';
import { policiesOf } from '../../src/cli/iam/collect';
import { evaluate, listOf, Policies, Statement, statementsOf } from '../../src/cli/iam/evaluate';
import { actionMatches, resourceMatches } from '../../src/cli/iam/patterns';
import { Template } from '../../src/cli/template';
import { full, smallest } from '../helpers/programs';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';

const PLACE = { ...ACCOUNT, stackName: 'Storefront' };

/** Roles that do not belong to the library: the role of CDK's function that empties buckets, and of the user's rotation function. */
const NOT_OURS = /:role\/Storefront-(CustomS3AutoDelete|RotateServiceRole)/;

/** The permissions that the user of the full program grants to the application. */
const GRANTED = ['sqs:SendMessage'];

/** A program with features that neither of the two has: layers in ECR, reports, and a rotation function in the stack. */
function withStores(): { readonly template: SynthesisedTemplate } {
  const stack = newStack();
  const rotationFunction = new lambda.Function(stack, 'Rotate', {
    functionName: 'rotate',
    runtime: lambda.Runtime.NODEJS_LATEST,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = () => {};'),
  });
  pipelineIn(stack, {
    registryCredentials: RegistryLogin.fromSecret(
      new RegistryCredentials(stack, 'Login', { environmentSuffix: 'dev', rotationFunction }).secret,
    ),
    buildSteps: BuildSteps.image({
      cache: BuildCache.registry(),
      reports: [BuildReport.junit(['junit.xml']), BuildReport.clover(['clover.xml'])],
    }),
  });
  return { template: templateOf(stack) };
}

describe.each<[string, () => { readonly template: SynthesisedTemplate }]>([
  ['the smallest program', smallest],
  ['the full program', full],
  ['the program with layers in ECR, reports and rotation', withStores],
])('%s', (_, make) => {
  const { template } = make();
  const policies = policiesOf(template, PLACE);
  const calls = releaseCalls(new Template(template, PLACE), policies);

  test('every call of a release is allowed', () => {
    expect(calls.length).toBeGreaterThan(80);
    expect(calls.flatMap((call) => refused(call, policies))).toEqual([]);
  });

  test('every role with permissions may do nothing that no release needs', () => {
    const needless = policies.roles.filter(({ arn }) => !NOT_OURS.test(arn)).flatMap((role) =>
      role.policies.flatMap(statementsOf).filter(({ Effect }) => Effect === 'Allow').flatMap((statement) =>
        unneededPermissions(statement, calls.filter(({ by }) => 'role' in by && by.role === role.arn)).map((what) => `${role.name}: ${what}`)));

    expect(needless).toEqual([]);
  });

  test('every resource policy allows its callers, and no other principal', () => {
    const needless = policies.resourcePolicies.filter(({ resource }) => !NOT_OURS.test(resource)).flatMap(({ resource, document }) =>
      statementsOf(document).filter(({ Effect }) => Effect === 'Allow').flatMap(({ Principal }) => principalsIn(Principal))
        .filter((principal) => !NOT_OURS.test(principal))
        .filter((principal) => !calls.some(({ by, resources }) => resources.includes(resource) && Object.values(by)[0] === principal))
        .map((principal) => `${resource}: ${principal}`));

    expect(needless).toEqual([]);
  });

  test('every call cites an AWS page, and describes its purpose', () => {
    for (const { why, when, source } of calls) {
      expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/);
      expect(`${when}: ${why}`).toMatch(/^.+: .{10,}[^.]$/);
    }
  });
});

function refused(call: Call, policies: Policies): string[] {
  return call.actions.flatMap((action) => call.resources
    .map((resource) => [resource, evaluate({ principal: call.by, action, resource, context: call.context }, policies)])
    .filter(([, decision]) => decision !== 'Allowed')
    .map(([resource, decision]) => `${decision}: ${JSON.stringify(call.by)} ${action} ${resource}`));
}

/** The pairs of action and resource in a statement that none of the calls uses. */
function unneededPermissions(statement: Statement, calls: Call[]): string[] {
  return listOf(statement.Action).filter((action) => !GRANTED.includes(action)).flatMap((action) => listOf(statement.Resource)
    .filter((pattern) => !calls.some(({ actions, resources }) =>
      actions.some((called) => actionMatches(action, called)) && resources.some((resource) => resourceMatches(pattern, resource))))
    .map((pattern) => `${action} ${pattern}`));
}

function principalsIn(principal: Statement['Principal']): string[] {
  return typeof principal === 'string' ? [principal] : Object.values(principal ?? {}).flatMap((value) => [...listOf<string>(value)]);
}
