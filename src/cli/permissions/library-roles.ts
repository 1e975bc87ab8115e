import { Resource } from '../template';

/** The descriptions of the library's roles, and the purposes in their names; an environment or a project is in both. */
const DESCRIPTIONS: readonly [description: RegExp, purpose: string][] = [
  [/^Fetches the source through the connection and stores it as an artifact$/, 'source'],
  [/^Reads the live colour of (\S+)$/, 'colour-$1'],
  [/^Requests the approval for (\S+)$/, 'approval-$1'],
  [/^Runs the application in (\S+)$/, 'task-$1'],
  [/^Runs the builds of (project-\S+)$/, '$1'],
  [/^Runs the pipeline (\S+): assumes the role of each action$/, 'pipeline-$1'],
  [/^Shifts traffic and replaces tasks in (\S+)$/, 'codedeploy-$1'],
  [/^Starts (?:project-(\S+)) for the pipeline$/, 'start-$1'],
  [/^Starts the deployments to (\S+) for the pipeline$/, 'deploy-$1'],
  [/^Starts the tagging of the images that (\S+) runs$/, 'tag-$1'],
  [/^Starts the tasks of (\S+)$/, 'execution-$1'],
  [/^Tags the images that (\S+) runs$/, 'live-tag-$1'],
  [/^Tests a new release in (\S+) before it gets traffic$/, 'smoke-$1'],
];

/**
 * Returns true if the library created the role. A template does not mark such roles, and a user may name or
 * describe a role by the same rule: only a role whose name, description and inline policies all agree is the
 * library's.
 */
export function isFromLibrary(role: Resource): boolean {
  const description = role.at('Description').text;
  const [pattern, purpose] = DESCRIPTIONS.find(([one]) => one.test(description)) ?? [];
  const [, name] = /^role-(.+)$/.exec(role.at('RoleName').text) ?? [];
  if (pattern === undefined || purpose === undefined || name === undefined) {
    return false;
  }
  const start = description.replace(pattern, purpose);
  return `${name}-`.startsWith(`${start}-`)
    && name.endsWith(`-${role.template.region}`)
    && role.at('Policies').items.every((policy) =>
      policy.at('PolicyName').text.startsWith(`policy-${start.split('-')[0]}-`));
}
