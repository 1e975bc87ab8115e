import { Action } from './environments';
import { Resource } from './template';

/** A state machine that adds a tag to an image by its digest. */
export interface Tagging {
  readonly machine: Resource;
  /** The name of the repository. */
  readonly repository: string;
  /** The beginning of the tag. */
  readonly prefix: string;
}

/** The tagging that an action of a pipeline starts; undefined where its state machine does something else. */
export function taggingOf({ provider, settings }: Action): Tagging | undefined {
  const machine = provider === 'StepFunctions' ? settings.at('StateMachineArn').target : undefined;
  const definition = machine?.at('DefinitionString').exact ?? '';
  const [, repository] = /"RepositoryName":"([^"]+)"/.exec(definition) ?? [];
  const [, prefix] = /"ImageTag\.\$":"States\.Format\('([^'{]+)\{\}'/.exec(definition) ?? [];
  return machine === undefined || repository === undefined || prefix === undefined
    ? undefined
    : { machine, repository, prefix };
}
