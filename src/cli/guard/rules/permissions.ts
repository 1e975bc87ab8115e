import { AccessChange, lostAccess, newAccess } from './access';
import { releaseCalls } from '../../calls/release-calls';
import { Environment, environmentsOf, taskDefinitionsOf } from '../../environments';
import { evaluate, listOf, Policies, Principal, statementsOf } from '../../iam/evaluate';
import { groupedBy } from '../../layout';
import { permissionsOf, policiesIn } from '../../permissions/permissions';
import { Resource } from '../../template';
import { Differences } from '../differences';
import { Finding, finding } from '../findings';

/** Policies before and after an update. */
interface Both {
  readonly old: Policies;
  readonly current: Policies;
}

/** Returns the findings about permissions, and all new access in words: what is narrow is no finding. */
export function permissionFindings(differences: Differences): {
  findings: Finding[];
  access: string[];
  notKnown: string[];
} {
  const [before, after] = [differences.before, differences.after].map(policiesIn);
  const both = { old: before.policies, current: after.policies };
  const access = newAccess(both.old, both.current);
  const byReleases = lostByReleases(differences, both);
  return {
    findings: [...byReleases, ...lostByCalls(differences, both, byReleases), ...widened(differences, access)],
    access: access.map(inWords),
    notKnown: [...new Set([...before.notKnown, ...after.notKnown])],
  };
}

/** Access that the tasks and the hooks of a release lose, in environments that stay. */
function lostByReleases(differences: Differences, { old, current }: Both): Finding[] {
  return environmentsOf(differences.before).flatMap((environment) => {
    const kind = differences.of(environment.service)?.kind;
    if (kind === 'removed' || kind === 'replaced') {
      return [];
    }
    const lost = releaseRoles(environment, old).flatMap(({ role, isNeeded }) => {
      const own = old.roles.find(({ arn }) => arn === role);
      return own === undefined ? [] : lostAccess(own, old, current).filter(isNeeded);
    });
    return lost.length === 0 ? [] : [finding('permission-lost', environment.name, [], summary(lost))];
  });
}

/** The roles that a release which was built before the update uses. */
function releaseRoles(
  { service, group }: Environment,
  policies: Policies,
): { role: string; isNeeded: (one: AccessChange) => boolean }[] {
  const { template } = service;
  const definitions = taskDefinitionsOf(service);
  const ofTasks = ['TaskRoleArn', 'ExecutionRoleArn'].map((property) => definitions?.released.at(property).exact ?? '');
  const groupRole = group?.at('ServiceRoleArn').exact ?? '';
  const invoked = group === undefined ? [] : template.ofType('AWS::Lambda::Function');
  return [
    ...ofTasks.map((role) => ({ role, isNeeded: () => true })),
    // A deployment group names its alarms and listeners itself, and changes with them; a release names its hooks.
    {
      role: groupRole,
      isNeeded: ({ action }: AccessChange) => /^(lambda:InvokeFunction|iam:PassRole|lambda:\*|\*)$/.test(action),
    },
    ...invoked.map((hook) => ({
      role: hook.at('Role').exact,
      isNeeded: ({ action }: AccessChange) =>
        action === 'codedeploy:PutLifecycleEventHookExecutionStatus' && reportsTo(hook, group!, policies),
    })),
  ];
}

/** Returns true if the policies of the role of a function name the deployment group. */
function reportsTo(hook: Resource, group: Resource, policies: Policies): boolean {
  const name = group.at('DeploymentGroupName').text;
  const role = hook.at('Role').exact;
  return policies.roles.some(
    ({ arn, policies: own }) =>
      arn === role &&
      own
        .flatMap(statementsOf)
        .some(({ Resource: resources }) => listOf(resources).some((one) => one.endsWith(`/${name}`))),
  );
}

/** Calls that the pipeline makes before and after the update, and that are no longer allowed. */
function lostByCalls({ before, after }: Differences, { old, current }: Both, known: Finding[]): Finding[] {
  const single = (template: typeof before, policies: Policies) =>
    releaseCalls(template, policies).flatMap((call) =>
      call.actions.flatMap((action) => call.resources.map((resource) => ({ ...call, action, resource }))),
    );
  const allowed = ({ by, action, resource, context }: ReturnType<typeof single>[number], policies: Policies) => {
    try {
      return evaluate({ principal: by, action, resource, context }, policies) === 'Allowed';
    } catch {
      return undefined;
    }
  };
  const made = new Map(single(before, old).map((call) => [keyOf(call), call]));
  const lost = single(after, current).flatMap((call) => {
    const earlier = made.get(keyOf(call));
    const isLost = earlier !== undefined && allowed(call, current) === false && allowed(earlier, old) === true;
    const who = 'role' in call.by ? call.by.role : Object.values(call.by).join('');
    return isLost ? [{ who, action: call.action, resource: call.resource }] : [];
  });
  const reported = known.flatMap(({ details }) => details).join('\n');
  const others = lost.filter(({ who, action }) => !(reported.includes(nameIn(who)) && reported.includes(action)));
  return others.length === 0 ? [] : [finding('permission-lost', 'the pipeline', [], summary(others))];
}

/** The same call, with the same context. */
function keyOf({
  by,
  action,
  resource,
  context,
}: {
  by: Principal;
  action: string;
  resource: string;
  context?: object;
}): string {
  return JSON.stringify([by, action, resource, context]);
}

/** New access that is wider than a release needs. */
function widened({ before, after }: Differences, access: AccessChange[]): Finding[] {
  const old = permissionsOf(before).findings;
  const found = permissionsOf(after).findings.filter((one) => !old.includes(one));
  const wide = access.filter(({ isWide }) => isWide).map((one) => inWords(one));
  return [...found, ...wide].map((words) => finding('access-widened', words.split(/:? /)[0], [], [words]));
}

function inWords({ who, action, resource }: AccessChange): string {
  return `${nameIn(who)}: ${action} on ${resource}`;
}

/** One line for each role, and for each of its resources. */
function summary(changes: readonly Pick<AccessChange, 'who' | 'action' | 'resource'>[]): string[] {
  const lines = groupedBy(changes.map((one) => [`${nameIn(one.who)} on ${one.resource}`, one.action] as const));
  return lines.map(([where, actions]) => {
    const [who, resource] = where.split(' on ');
    return `${who}: ${[...new Set(actions)].join(', ')} on ${resource}`;
  });
}

/** The name of a role in its ARN. */
function nameIn(who: string): string {
  return who.replace(/^arn:[^:]+:iam::[^:]*:role\//, '');
}
