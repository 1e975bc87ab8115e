import { environmentsOf } from '../../environments';
import { isObject } from '../../json';
import { Resource, Template, Value } from '../../template';
import { Change, changesProperty, Differences, replaces, resourceOf } from '../differences';
import { detailsOf, Finding, finding, nameOf } from '../findings';
import { byEnvironment } from '../grouping';

/** Names that are unique within another resource, and the property that names it. */
const WITHIN: { readonly [type: string]: string } = {
  'AWS::CodeDeploy::DeploymentGroup': 'ApplicationName',
  'AWS::EC2::SecurityGroup': 'VpcId',
  'AWS::ECS::Service': 'Cluster',
};

/** Types that can have one name several times. */
const NOT_UNIQUE = ['AWS::Route53::RecordSet'];

/** Findings about updates that CloudFormation or a service rejects in the middle. */
export function rejectedFindings(differences: Differences, importers: readonly Template[]): Finding[] {
  return [
    ...takenNames(differences),
    ...exportsInUse(differences, importers),
    ...differences.changes
      .filter(({ before, after }) => before !== undefined && after !== undefined && before.type !== after.type)
      .map((change) =>
        finding(
          'update-rejected',
          nameOf(resourceOf(change)),
          [change],
          [`the type of ${change.after!.id} changes from ${change.before!.type} to ${change.after!.type}`],
        ),
      ),
    ...differences.changes
      .filter(
        (change) => change.before?.type === change.after?.type && changesProperty(change, 'ServiceToken'),
      )
      .map((change) => finding('update-rejected', nameOf(resourceOf(change)), [change])),
  ];
}

/** Exports that another deployed stack imports, and that the update removes or changes. */
function exportsInUse(differences: Differences, importers: readonly Template[]): Finding[] {
  const { before, after } = differences;
  const imports = importers.map(({ stackName, all }) => ({
    stackName,
    names: all.flatMap((template) => importsIn(template, template.json)),
  }));
  return exportsOf(before).flatMap(([name, value]) => {
    const users = imports.filter((one) => one.names.includes(name));
    const current = after.exported(name);
    const isSame =
      current !== undefined &&
      current.exact === value.exact &&
      !current.targets.some((target) => differences.of(target)?.kind === 'replaced');
    const names = users.map(({ stackName }) => stackName).join(', ');
    const detail = `${name} is ${current === undefined ? 'removed' : 'changed'}; imported by ${names}`;
    return users.length === 0 || isSame ? [] : [finding('export-in-use', name, [], [detail])];
  });
}

/** The names of the exports that a value imports. */
function importsIn(template: Template, value: unknown, key = ''): string[] {
  if (key === 'Fn::ImportValue') {
    return [new Value(template, value).exact];
  }
  const isNested = Array.isArray(value) || isObject(value);
  return isNested ? Object.entries(value).flatMap(([name, one]) => importsIn(template, one, name)) : [];
}

function exportsOf(template: Template): [name: string, value: Value][] {
  return new Value(template, template.json.Outputs).entries
    .map(([, output]) => output.at('Export', 'Name').exact)
    .filter((name) => name !== '')
    .map((name) => [name, template.exported(name)!]);
}

/** Resources that are created under a name that a deployed resource has. */
function takenNames(differences: Differences): Finding[] {
  const holders = new Map(
    differences.before.resources.flatMap((resource) => {
      const name = uniqueName(resource);
      return name === undefined ? [] : [[name, resource] as const];
    }),
  );
  const holderOf = ({ after }: Change) => holders.get(uniqueName(after!) ?? '');
  const created = differences.changes.filter(({ kind }) => kind === 'added' || kind === 'replaced');
  const taken = created.filter((change) => {
    const { before, after } = change;
    // Within another parent, the name is free; another type under the logical id is rejected anyway.
    const isFree =
      before !== undefined && (changesProperty(change, WITHIN[after!.type] ?? '') || before.type !== after!.type);
    return !isFree && holderOf(change) !== undefined;
  });
  const words = (change: Change) => {
    const { after } = change;
    const { id } = holderOf(change)!;
    return id === after!.id
      ? detailsOf(change)
      : [`${nameOf(after!)} gets the logical id ${after!.id}; the deployed one is ${id}`];
  };
  // The deployed resource of a moved one is not removed, because the update does not come so far.
  const withHolders = (change: Change) => [...new Set([change, differences.of(holderOf(change)) ?? change])];
  return byEnvironment(
    'name-taken',
    taken,
    environmentsOf(differences.before),
    words,
    'resources outside of environments',
  ).map((one) => ({ ...one, changes: one.changes.flatMap(withHolders) }));
}

/** The type, the name that the template gives, and what the name is unique within; undefined without such a name. */
function uniqueName(resource: Resource): string | undefined {
  const { type } = resource;
  const last = type.split('::')[2] ?? '';
  const property = NOT_UNIQUE.includes(type)
    ? undefined
    : [`${last}Name`, 'Name', 'GroupName', 'DashboardName', 'TableName'].find(
      (name) => replaces(type, name) && resource.at(name).exists,
    );
  const name = property === undefined ? '' : resource.at(property).exact;
  const parent = type in WITHIN ? resource.at(WITHIN[type]).exact : '';
  // A name that only the deployment knows is no name of the template.
  const isKnown = name !== '' && !name.replace(/<(account|region|partition)>/g, '').includes('<');
  return isKnown ? [type, parent, name].join(' ') : undefined;
}
