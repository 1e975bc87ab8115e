import { actionValues, arn, Call, callsOf } from './call';
import { Action } from '../environments';
import { taggingOf } from '../tagging';

/** The calls that tag an image once its deployment has succeeded. */
export function tagCalls(action: Action): Call[] {
  const tagging = taggingOf(action);
  if (tagging === undefined) {
    return [];
  }
  const { machine, repository } = tagging;
  const { template } = machine;
  return callsOf('tag', template, {
    ...actionValues(action),
    machine: machine.ref,
    execution: `${machine.ref.replace(':stateMachine:', ':execution:')}:0123456789abcdef`,
    machineRole: machine.at('RoleArn').exact,
    repository: arn(template, 'ecr', `repository/${repository}`),
  });
}
