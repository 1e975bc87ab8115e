import { secret, statement } from './container-checks';
import { hook } from './hook-checks';
import { struct } from '../../private/structs';
import { CDK, cdkType, instanceOf } from '../../private/types';
import { Check, list } from '../../private/validation';
import { violation, Violations } from '../../private/violations';
import { EnvironmentOptions } from '../environment-options';
import { RetiringOptions } from '../retiring-options';
import { SmokeTest } from '../smoke-test';

/** Checks what an environment keeps for releases that were built before. */
export function retiringOptions(scope: unknown): Check {
  return struct<RetiringOptions>({
    example: '{ functions: [announce] }',
    fields: {
      secrets: list({ example: '[ecs.Secret.fromSecretsManager(oldToken)]', each: secret }),
      repositories: list({ example: '[sidecars]', each: cdkType(CDK.repository) }),
      functions: list({ example: '[announce]', each: hook(scope) }),
      statements: list({ example: '[oldStatement]', each: statement }),
      smokeTest: instanceOf(SmokeTest, 'SmokeTest.http({ path: "/healthz" })'),
    },
  });
}

/** A smoke test retires when there is no other: both would be the same function. */
export function smokeTestViolation(
  { hooks, retiring }: Partial<EnvironmentOptions>,
  at: (key: 'retiring') => string,
): Violations {
  return hooks?.smokeTest && retiring?.smokeTest
    ? violation({
      code: 'BGP201',
      prop: `${at('retiring')}.smokeTest`,
      rule: "must not be combined with 'hooks.smokeTest': both define the same function",
      remedy: "remove it: 'hooks.smokeTest' also tests the releases that are waiting",
    })
    : undefined;
}
