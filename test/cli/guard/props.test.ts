import { codesIn, guardedPair, isStopped } from './guarded';
import { PROP_CHANGES } from './prop-changes';
import { Effect, PROPS } from '../../../scripts/changes/props';
import { typeOf } from '../../../src/cli/guard/differences';
import { Code } from '../../../src/cli/guard/findings';
import { nameOf, propsOf, structs } from '../../helpers/api';

/** The findings that an effect needs: one of them, or none. */
const NEEDED: { readonly [effect in Effect]: readonly Code[] } = {
  'in place': [],
  'next release': [],
  'two steps': ['health-check-changed', 'permission-lost'],
  'frozen': ['name-taken', 'service-rejected', 'task-definition-frozen', 'update-rejected'],
  'ends executions': ['executions-cancelled'],
  'deletes': ['data-deleted', 'service-deleted'],
};
const TAKES_EFFECT_WITH_A_RELEASE = /^AWS::(CodeBuild::Project|ECS::TaskDefinition)$/;

test.each(PROPS)('$title: $effect', ({ title, effect, codes, isDenied }) => {
  const { before, after } = PROP_CHANGES.get(title)!();
  const result = guardedPair(before, after);
  const { differences } = result;

  expect(codesIn(result)).toEqual([...codes].sort());
  expect(isStopped(result)).toBe(isDenied);
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

  expect(PROPS.map(({ title }) => title).sort()).toEqual(wanted.sort());
});
