import { Resource } from '../template';

/** The descriptions of the library's roles, and the purposes in their names; an environment or a project is in both. */
const DESCRIPTIONS: readonly [description: RegExp, purpose: string][] = [
  [/^Asks a new release in (\S+) before it gets traffic$/, 'smoke-$1'],
  [/^Asks for the approval of (\S+)$/, 'approval-$1'],
  [/^Fetches the source through the connection and stores it as an artifact$/, 'source'],
  [/^Reads which colour of (\S+) is live$/, 'colour-$1'],
  [/^Runs the builds of (project-\S+)$/, '$1'],
  [/^Runs the pipeline (\S+): assumes the role of each action$/, 'pipeline-$1'],
  [/^Shifts traffic and replaces tasks in (\S+)$/, 'codedeploy-$1'],
  [/^Starts (?:project-(\S+)) for the pipeline$/, 'start-$1'],
  [/^Starts the deployments to (\S+) for the pipeline$/, 'deploy-$1'],
  [/^Starts the tagging of the images that (\S+) runs$/, 'tag-$1'],
  [/^Starts the tasks of (\S+)$/, 'execution-$1'],
  [/^Tags the images that (\S+) runs$/, 'live-tag-$1'],
  [/^The application in (\S+)$/, 'task-$1'],
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
