import { aws_ecr as ecr, Lazy, SecretValue } from 'aws-cdk-lib';
import { BuildSteps, CachedBuildProject } from '../../src';
import { refusal } from '../helpers/refusals';
import { newStack } from '../helpers/synthesis';

const stack = newStack();
const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
const token = Lazy.string({ produce: () => 'later' });

describe('a secret', () => {
  const open = SecretValue.secretsManager('npm').unsafeUnwrap();
  const project = (steps: BuildSteps) => {
    const place = newStack();
    const text = refusal(() => new CachedBuildProject(place, 'Build', { environmentSuffix: 'dev', steps }));
    expect(place.node.children.length > 0).toBe(text === undefined);
    return text;
  };

  test.each<[string, BuildSteps]>([
    ['buildArgs.TOKEN', BuildSteps.image({ repository, buildArgs: { VERSION: '1', TOKEN: `a ${open}` } })],
    ['preBuildCommands[1]', BuildSteps.image({ repository, preBuildCommands: ['ls', `npm login ${open}`] })],
    ['postBuildCommands[0]', BuildSteps.image({ repository, postBuildCommands: [open] })],
    ['commands[0]', BuildSteps.commands(['echo {{resolve:ssm-secure:/acme/token:1}}'])],
    ['environment.TOKEN', BuildSteps.probe({ repository, port: 1, path: '/', environment: { TOKEN: open } })],
    ['command[1]', BuildSteps.probe({ repository, port: 1, path: '/', command: ['x', open] })],
  ])('in %s is refused', (prop, steps) => {
    expect(project(steps)).toBe(`Storefront/Build (CachedBuildProject): '${prop}' must not hold a secret, which would stand in the project for everybody to read; `
      + 'use buildSecrets, or let the commands read it [BGP049]');
  });

  test('is no dynamic reference to a plain parameter, and no word about one', () => {
    expect(project(BuildSteps.commands(['echo {{resolve:ssm:/acme/name:1}}', 'aws secretsmanager get-secret-value --secret-id npm', token]))).toBeUndefined();
  });
});

test('what only a pipeline knows is asked for outside of one', () => {
  const outside = (steps: BuildSteps) => refusal(() => new CachedBuildProject(newStack(), 'Test', { environmentSuffix: 'dev', steps }));

  expect(outside(BuildSteps.probe())).toBe([
    'Storefront/Test (CachedBuildProject) has 3 problems:',
    "  - 'repository' of BuildSteps.probe is required outside of a BlueGreenFargatePipeline; for example new ecr.Repository(this, 'Images') [BGP045]",
    "  - 'port' of BuildSteps.probe is required outside of a BlueGreenFargatePipeline; for example 8080 [BGP045]",
    '  - \'path\' of BuildSteps.probe is required outside of a BlueGreenFargatePipeline; for example "/healthz" [BGP045]',
  ].join('\n'));
  expect(outside(BuildSteps.image())).toBe(
    "Storefront/Test (CachedBuildProject): 'repository' of BuildSteps.image is required outside of a BlueGreenFargatePipeline; for example new ecr.Repository(this, 'Images') [BGP045]");
  expect(outside(BuildSteps.image({ repository }))).toBeUndefined();
  expect(outside(BuildSteps.probe({ repository, port: 8080, path: '/' }))).toBeUndefined();
});
