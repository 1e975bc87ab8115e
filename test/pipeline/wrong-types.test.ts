import {
  aws_cloudwatch as cloudwatch, aws_codebuild as codebuild, aws_codedeploy as codedeploy, aws_codepipeline as codepipeline, aws_iam as iam,
  aws_lambda as lambda, aws_s3 as s3, Duration, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { ApprovalGate, DashboardDeployment, PipelineAlarms, PipelineDashboard, RegistryCredentials, SecureArtifactBucket } from '../../src';
import { problemsOf } from '../helpers/refusals';
import { newStack } from '../helpers/synthesis';

/* What callers from plain JavaScript hand over: no compiler stands between them and a constructor. */

interface Props {
  readonly [prop: string]: unknown;
}

interface Room {
  readonly make: (scope: Construct, id: string, props: Props) => Construct;
  /** Every prop with a good value. */
  readonly good: (stack: Stack) => Props;
  readonly required: string[];
}

/** What is no value of any prop: each is of no type that a prop has. */
const NOTHING: unknown[] = [null, NaN, true, Symbol('x'), () => 1, 7n, new Map(), {}, new Date(0), Object.create(null)];

const pipeline = (stack: Stack) => codepipeline.Pipeline.fromPipelineArn(stack, 'Theirs', 'arn:aws:codepipeline:us-east-1:111111111111:storefront');
const project = (stack: Stack) => codebuild.Project.fromProjectName(stack, 'Build', 'storefront-build');

const ROOMS: { readonly [name: string]: Room } = {
  ApprovalGate: {
    make: (scope, id, props) => new ApprovalGate(scope, id, props as unknown as ConstructorParameters<typeof ApprovalGate>[2]),
    good: (stack) => ({
      environmentSuffix: 'dev',
      environmentName: 'production',
      approverEmails: ['leads@example.com'],
      message: 'Ship it?',
      timeout: Duration.hours(4),
      approverRoles: [iam.Role.fromRoleName(stack, 'Leads', 'leads')],
    }),
    required: ['environmentSuffix', 'environmentName', 'approverEmails'],
  },
  SecureArtifactBucket: {
    make: (scope, id, props) => new SecureArtifactBucket(scope, id, props as unknown as ConstructorParameters<typeof SecureArtifactBucket>[2]),
    good: (stack) => ({
      environmentSuffix: 'dev',
      noncurrentVersionExpiration: Duration.days(30),
      accessLogsBucket: s3.Bucket.fromBucketName(stack, 'Logs', 'acme-logs'),
      accessLogsPrefix: 'x/',
    }),
    required: ['environmentSuffix'],
  },
  PipelineAlarms: {
    make: (scope, id, props) => new PipelineAlarms(scope, id, props as unknown as ConstructorParameters<typeof PipelineAlarms>[2]),
    good: (stack) => ({
      environmentSuffix: 'dev',
      pipeline: pipeline(stack),
      notificationEmails: ['oncall@example.com'],
      projects: [project(stack)],
      deploymentGroups: [codedeploy.EcsDeploymentGroup.fromEcsDeploymentGroupAttributes(stack, 'Group', {
        application: codedeploy.EcsApplication.fromEcsApplicationName(stack, 'Application', 'storefront'), deploymentGroupName: 'live',
      })],
    }),
    required: ['environmentSuffix', 'pipeline', 'notificationEmails'],
  },
  PipelineDashboard: {
    make: (scope, id, props) => new PipelineDashboard(scope, id, props as unknown as ConstructorParameters<typeof PipelineDashboard>[2]),
    good: (stack) => ({
      environmentSuffix: 'dev',
      pipeline: pipeline(stack),
      projects: [project(stack)],
      deployments: [new DashboardDeployment('live', 'DeployLive')],
      alarms: [cloudwatch.Alarm.fromAlarmName(stack, 'Alarm', 'errors')],
    }),
    required: ['environmentSuffix', 'pipeline'],
  },
  RegistryCredentials: {
    make: (scope, id, props) => new RegistryCredentials(scope, id, props as unknown as ConstructorParameters<typeof RegistryCredentials>[2]),
    good: (stack) => ({
      environmentSuffix: 'dev',
      registry: 'ghcr.io',
      rotationInterval: Duration.days(7),
      rotationFunction: lambda.Function.fromFunctionAttributes(stack, 'Rotate', {
        functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:rotate', sameEnvironment: true,
      }),
    }),
    required: ['environmentSuffix'],
  },
};

describe.each(Object.entries(ROOMS))('%s', (_, { make, good, required }) => {
  const propNames = Object.keys(good(newStack()));

  test('accepts what each prop is for, and undefined for each that has a default', () => {
    const stack = newStack();
    const all = good(stack);

    expect(problemsOf(() => make(stack, 'All', all))).toEqual([]);
    const few = Object.fromEntries(Object.entries(all).map(([prop, value]) => [prop, required.includes(prop) ? value : undefined]));
    expect(problemsOf(() => make(stack, 'Few', { ...few, environmentSuffix: 'few' }))).toEqual([]);
  });

  test.each(propNames)('refuses a value of the wrong type as %s, names it first, and leaves nothing behind', (prop) => {
    const stack = newStack();
    const all = good(stack);
    const isText = typeof all[prop] === 'string';
    const wrong = [...NOTHING, 7, stack, ['x'], [{}], [null], ...isText ? [[all[prop]]] : ['x', '']];
    const refused = wrong.map((value) => problemsOf(() => make(stack, 'It', { ...all, [prop]: value }))[0]?.split(/[[.']/)[1] ?? value);

    expect(refused).toEqual(wrong.map(() => prop));
    expect(stack.node.tryFindChild('It')).toBeUndefined();
  });

  test.each(required)('refuses props without %s', (prop) => {
    const stack = newStack();

    expect(problemsOf(() => make(stack, 'It', { ...good(stack), [prop]: undefined }))).toEqual([
      expect.stringMatching(new RegExp(`^'${prop}' is required; .*\\[BGP001\\]$`)),
    ]);
  });

  test.each([['nothing', undefined], ['null', null], ['an empty object', {}]])('refuses %s as props for what they lack', (__, props) => {
    const found = problemsOf(() => make(newStack(), 'It', props as unknown as Props));

    expect(found.map((problem) => problem.split("'")[1])).toEqual(required);
  });

  test.each([['a text', 'dev'], ['a list', ['dev']], ['a number', 7], ['a function', () => 1]])('refuses %s as props', (__, props) => {
    expect(problemsOf(() => make(newStack(), 'It', props as unknown as Props)))
      .toEqual([expect.stringMatching(/^'props' must be an object, got .*\[BGP002\]$/)]);
  });

  test('refuses a scope and an id that are none, together with all else', () => {
    const stack = newStack();
    const all = good(stack);
    const codes = (scope: unknown, id: unknown, props: Props = all) =>
      problemsOf(() => make(scope as Construct, id as string, props)).map((problem) => problem.slice(-7, -1));

    expect([undefined, null, 'x', {}, [], newStack().node.root].map((scope) => codes(scope, 'It'))).toEqual(Array(6).fill(['BGP013']));
    expect([undefined, null, '', ' ', 7, {}, Symbol('x')].map((id) => codes(stack, id)))
      .toEqual([['BGP001'], ['BGP001'], ['BGP004'], ['BGP004'], ['BGP002'], ['BGP002'], ['BGP002']]);
    new Construct(stack, 'Taken');
    expect(codes(stack, 'Taken')).toEqual(['BGP014']);
    expect(codes(undefined, 'It', { ...all, environmentSuffix: 'Dev' })).toEqual(['BGP013', 'BGP005']);
  });

  test('either takes what it is given, or refuses it in words, whatever it is', () => {
    const stack = newStack();
    const all = good(stack);
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
    const sane = (props: unknown) => {
      const child = newStack();
      const problems = problemsOf(() => make(child, 'It', props as Props));
      return problems.every((problem) => /^'.+' (must|is required).*; .+ \[BGP\d{3}\]$/.test(problem))
        && (child.node.tryFindChild('It') === undefined) === (problems.length > 0);
    };

    fc.assert(fc.property(anything, sane), { numRuns: 200 });
    fc.assert(fc.property(fc.constantFrom(...propNames), anything, (prop, value) => sane({ ...all, [prop]: value })), { numRuns: 300 });
  });
});
