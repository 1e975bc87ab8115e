import { typeOf } from '../../../src/cli/guard/differences';
import { Guarded, guardedPairs } from '../../../src/cli/guard/guard';
import { PolicyStatement, stackPolicy } from '../../../src/cli/guard/stack-policy';
import { Template, TemplateJson } from '../../../src/cli/template';
import { SynthesisedTemplate } from '../../helpers/synthesis';

function readTemplate(json: SynthesisedTemplate): Template {
  return new Template(json as TemplateJson, { stackName: 'Storefront', region: 'us-east-1' });
}

/** Result of the guard for two versions of a stack. */
export function guardedPair(before: SynthesisedTemplate, after: SynthesisedTemplate): Guarded {
  return guardedPairs([{ path: 'Storefront', before: readTemplate(before), after: readTemplate(after), importers: [] }])[0];
}

export function codesIn({ findings }: Guarded): string[] {
  return [...new Set(findings.map(({ code }) => code))].sort();
}

const ACTIONS = { added: undefined, removed: 'Update:Delete', replaced: 'Update:Replace', changed: 'Update:Modify' } as const;

/** Returns true if CloudFormation denies a part of the update by the stack policy of the deployed template. */
export function isStopped({ differences: { before, changes } }: Guarded): boolean {
  const { Statement } = stackPolicy(before);
  return changes.some((change) => {
    const action = ACTIONS[change.kind];
    return action !== undefined && denies(Statement, action, change.before!.id, typeOf(change));
  });
}

/** Decides by a stack policy as CloudFormation does: a deny takes precedence, and what no statement allows is denied. */
function denies(statements: readonly PolicyStatement[], action: string, id: string, type: string): boolean {
  const effects = statements.filter(({ Action, Resource, Condition }) =>
    [Action].flat().some((one) => one === action || one === 'Update:*')
    && [Resource].flat().some((one) => one === '*' || one === `LogicalResourceId/${id}`)
    && (Condition === undefined || Condition.StringEquals.ResourceType.includes(type))).map(({ Effect }) => Effect);
  return effects.includes('Deny') || !effects.includes('Allow');
}
