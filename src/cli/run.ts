import { readAssembly, Stack } from './assembly';
import { explainReport } from './explain/explain';
import { CommandError } from './failure';
import { Report, reportLines } from './layout';
import { permissionsReport } from './permissions/text';

/** Requirement of each command for a stack, and its report. */
const COMMANDS: { readonly [name: string]: [needs: string, report: (stack: Stack) => Report | undefined] } = {
  explain: ['a pipeline or a blue/green deployment', explainReport],
  permissions: ['a role or a policy', permissionsReport],
};

/** Runs a command on the stacks of a cloud assembly, or on the one that is named. */
export function run(name: string, folder: string, stackName?: string) {
  const [needs, report] = COMMANDS[name];
  const all = readAssembly(folder);
  const named = all.filter(({ path, template }) =>
    stackName === undefined || [path, template.stackName].includes(stackName));
  const pathsOf = (stacks: Stack[]) => stacks.map(({ path }) => path).join(', ');
  if (all.length === 0) {
    throw new CommandError(`${folder} has no stack`);
  }
  if (named.length === 0) {
    throw new CommandError(`${folder} has no stack "${stackName}"; its stacks are ${pathsOf(all)}`);
  }
  const reports = named.map(report).filter((one) => one !== undefined);
  if (reports.length === 0) {
    throw new CommandError(`no stack has ${needs}; read: ${pathsOf(named)}`);
  }
  return {
    lines: reports.flatMap((one, index) => [...(index === 0 ? [] : ['']), ...reportLines(one)]),
    data: reports.map(({ data }) => data),
    findings: reports.reduce((sum, { findings }) => sum + findings.length, 0),
  };
}
