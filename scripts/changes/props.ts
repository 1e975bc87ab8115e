import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { Code } from '../../src/cli/guard/findings';

/** The way in which a change of a prop takes effect. scripts/changes/page.md explains each. */
export type Effect = 'in place' | 'next release' | 'ends executions' | 'two steps' | 'frozen' | 'deletes';

/** A prop, with the effect of its change. */
export interface Prop {
  /** The construct or value class that takes the prop, also within a group of options. */
  readonly owner: string;
  /** The prop as the owner takes it: `platform.buildImage`. */
  readonly path: string;
  /** The struct and its prop, which begin the name of the test. */
  readonly title: string;
  readonly effect: Effect;
  /** The codes of the findings of guard. */
  readonly codes: readonly Code[];
  /** True if the stack policy of guard denies the update. */
  readonly isDenied: boolean;
  /** The consequences of the change and the alternative, in Markdown. */
  readonly details?: string;
}

/** Structs that are an option of another struct, with the name of the option. */
const GROUPS: { readonly [struct: string]: readonly [owner: string, option: string] } = {
  PlatformOptions: ['BlueGreenFargatePipeline', 'platform'],
  StorageOptions: ['BlueGreenFargatePipeline', 'storage'],
  DeploymentHooks: ['PipelineEnvironment', 'hooks'],
  LoadBalancerOptions: ['PipelineEnvironment', 'loadBalancer'],
  RollbackOptions: ['PipelineEnvironment', 'rollback'],
  TaskOptions: ['PipelineEnvironment', 'tasks'],
  RetiringOptions: ['PipelineEnvironment', 'retiring'],
};

interface Table<T> {
  readonly [struct: string]: { readonly [prop: string]: T };
}

const read = <T>(file: string) => parse(readFileSync(join(__dirname, file), 'utf8')) as Table<T>;
const DETAILS = read<string>('details.yaml');

/** The props of the facade, of an environment and of each construct, in the order of docs/changes.md. */
export const PROPS: readonly Prop[] = Object.entries(read<readonly string[]>('props.yaml'))
  .flatMap(([struct, props]) => Object.entries(props).map(([prop, words]) => propOf(struct, prop, words)));

function propOf(struct: string, prop: string, [effect, ...words]: readonly string[]): Prop {
  const [owner, option] = GROUPS[struct] ?? [struct];
  return {
    owner,
    path: option === undefined ? prop : `${option}.${prop}`,
    title: `${struct}.${prop}`,
    effect: effect as Effect,
    codes: words.filter((word) => word !== 'denied') as Code[],
    isDenied: words.includes('denied'),
    details: DETAILS[struct]?.[prop],
  };
}
