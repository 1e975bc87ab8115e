import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { codesIn, guardedPair, isStopped } from './guarded';
import { PROP_CHANGES } from './prop-changes';
import { typeOf } from '../../../src/cli/guard/differences';
import { Code } from '../../../src/cli/guard/findings';
import { nameOf, propsOf, structs } from '../../helpers/api';

const ROOT = join(__dirname, '..', '..', '..');

/** The table of docs/changes.md. */
const TABLE = Object.entries(parse(readFileSync(join(ROOT, 'scripts', 'changes', 'props.yaml'), 'utf8')) as { [owner: string]: { [prop: string]: string[] } })
  .flatMap(([owner, props]) => Object.entries(props).map(([prop, [effect, ...codes]]) => [`${owner}.${prop}`, effect, codes] as const));

/** The findings that an effect needs: one of them, or none. */
const NEEDED: { readonly [effect: string]: readonly Code[] } = {
  'in place': [],
  'next release': [],
  'two steps': ['health-check-changed', 'permission-lost'],
  'frozen': ['name-taken', 'service-rejected', 'task-definition-frozen', 'update-rejected'],
  'ends executions': ['executions-cancelled'],
  'deletes': ['data-deleted', 'service-deleted'],
};
const TAKES_EFFECT_WITH_A_RELEASE = /^AWS::(CodeBuild::Project|ECS::TaskDefinition)$/;

/** Props whose change the stack policy denies. */
const STOPPED = [
  'BlueGreenFargatePipeline.environmentSuffix', 'BlueGreenFargatePipeline.vpc', 'BlueGreenFargatePipeline.containerPort',
  'BlueGreenFargatePipeline.repository', 'BlueGreenFargatePipeline.registryCredentials', 'LoadBalancerOptions.internetFacing',
  'RegistryCredentials.environmentSuffix', 'SecureArtifactBucket.environmentSuffix', 'EcsBlueGreenDeployment.environmentSuffix',
  'EcsBlueGreenDeployment.environmentName', 'EcsBlueGreenDeployment.vpc', 'EcsBlueGreenDeployment.containerPort',
];

test.each(TABLE)('%s: %s', (title, effect, codes) => {
  const { before, after } = PROP_CHANGES.get(title)!();
  const result = guardedPair(before, after);
  const { differences } = result;

  expect(codesIn(result)).toEqual([...codes].sort());
  expect(isStopped(result)).toBe(STOPPED.includes(title));
  expect(NEEDED[effect].length === 0 || NEEDED[effect].some((code) => codes.includes(code))).toBe(true);
  expect(differences.changes.length).toBeGreaterThan(0);
  if (codes.length === 0) {
    expect(differences.changes.some((change) => TAKES_EFFECT_WITH_A_RELEASE.test(typeOf(change)))).toBe(effect === 'next release');
  }
  // Executions under way end if and only if the definition of the pipeline changes.
  expect(differences.changes.some((change) => typeOf(change) === 'AWS::CodePipeline::Pipeline')).toBe(codes.includes('executions-cancelled'));
});

test('the table has every prop of every construct, and of the options of an environment', () => {
  const constructs = structs.map(nameOf).filter((name) => /Props$/.test(name)).map((name) => [name.replace(/Props$/, ''), name]);
  const options = ['PlatformOptions', 'StorageOptions', 'DeploymentHooks', 'LoadBalancerOptions', 'RollbackOptions', 'TaskOptions', 'RetiringOptions'];
  // The groups are tables of their own, and the props of an environment stand with the environment.
  const groups = ['hooks', 'loadBalancer', 'rollback', 'tasks', 'retiring', 'platform', 'storage'];
  const wanted = [...constructs, ...options.map((name) => [name, name]), ['PipelineEnvironment', 'PipelineEnvironmentOptions']].flatMap(([owner, struct]) =>
    propsOf(struct).filter((prop) => !groups.includes(prop) && !prop.startsWith('_'))
      .filter((prop) => owner !== 'EcsBlueGreenDeployment' || !propsOf('EnvironmentOptions').includes(prop))
      .map((prop) => `${owner}.${prop}`));

  expect(TABLE.map(([title]) => title).sort()).toEqual(wanted.sort());
});
