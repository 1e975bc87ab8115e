import { readAssembly, Stack } from './assembly';
import { explanation, explanationData, findingsOf, isExplained } from './explain/explain';
import { CommandError } from './failure';
import { sectionLines, WIDTH } from './layout';
import { Permissions, permissionsOf } from './permissions/permissions';
import { permissionSections } from './permissions/text';

/** What a command prints about each stack, as text and as data. */
export interface Report {
  readonly lines: string[];
  readonly data: object[];
  /** The number of findings in all stacks. */
  readonly findings: number;
}

interface Command {
  /** What a stack must have to be read. */
  readonly needs: string;
  readonly reads: (stack: Stack) => boolean;
  readonly report: (stack: Stack) => Report;
}

const COMMANDS: { readonly [name: string]: Command } = {
  explain: {
    needs: 'a pipeline or a blue/green deployment',
    reads: isExplained,
    report: (stack) => ({
      lines: explanation(stack),
      data: [explanationData(stack)],
      findings: findingsOf(stack).length,
    }),
  },
  permissions: {
    needs: 'a role or a policy',
    reads: ({ template }) => hasPermissions(permissionsOf(template)),
    report: ({ template, path }) => {
      const permissions = permissionsOf(template);
      const { stackName, region, account } = template;
      const title = `Permissions of ${stackName} in ${region}, account ${account}`;
      return {
        lines: ['='.repeat(WIDTH), title, ...permissionSections(permissions, template).flatMap(sectionLines)],
        data: [{ stack: stackName, path, region, account, ...permissions }],
        findings: permissions.findings.length,
      };
    },
  },
};

/** Runs a command on the stacks of a cloud assembly, or on the one that is named. */
export function run(name: string, folder: string, stackName?: string): Report {
  const { reads, report, needs } = COMMANDS[name];
  const all = readAssembly(folder);
  const names = all.map(({ path }) => path).join(', ');
  const named = all.filter(({ path, template }) =>
    stackName === undefined || [path, template.stackName].includes(stackName));
  if (all.length === 0) {
    throw new CommandError(`${folder} has no stack`);
  }
  if (named.length === 0) {
    throw new CommandError(`${folder} has no stack "${stackName}"; its stacks are ${names}`);
  }
  const stacks = named.filter(reads);
  if (stacks.length === 0) {
    throw new CommandError(`no stack has ${needs}; read: ${named.map(({ path }) => path).join(', ')}`);
  }
  const reports = stacks.map(report);
  return {
    lines: reports.flatMap(({ lines }, index) => [...(index === 0 ? [] : ['']), ...lines]),
    data: reports.flatMap(({ data }) => data),
    findings: reports.reduce((sum, { findings }) => sum + findings, 0),
  };
}

function hasPermissions({ roles, resourcePolicies, notKnown }: Permissions): boolean {
  return roles.length + resourcePolicies.length + notKnown.length > 0;
}
