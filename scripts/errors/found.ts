import { Construct, IConstruct } from 'constructs';

/** A program that breaks one rule: it throws, or returns a construct with a finding. */
export type Case = () => unknown;

/** The message that a user reads, and when. */
export interface Finding {
  readonly when: 'construction' | 'synthesis' | 'warning';
  readonly text: string;
  /** The ID that acknowledges a warning. */
  readonly id?: string;
}

/** The findings of a case. Any error that is not the library's is rethrown. */
export function findingsOf(broken: Case): Finding[] {
  let made: unknown;
  try {
    made = broken();
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidInputError') {
      return [{ when: 'construction', text: error.message }];
    }
    throw error;
  }
  if (!Construct.isConstruct(made)) {
    return [];
  }
  // A check of one construct may warn about another one.
  const constructs = made.node.findAll();
  const problems = constructs.flatMap(problemsOf);
  return [...problems, ...constructs.flatMap(warningsOf)];
}

/** The one finding of a case with the code. */
export function findingWith(code: string, broken: Case | undefined): Finding {
  if (broken === undefined) {
    throw new Error(`${code} has no case in scripts/errors/cases`);
  }
  const findings = findingsOf(broken).filter(({ text }) => text.includes(`[${code}]`));
  if (findings.length !== 1) {
    throw new Error(`The case of ${code} reports it ${findings.length} times instead of once`);
  }
  return findings[0];
}

/** The format of a warning in CDK: its text, and then the ID that acknowledges it, with a prefix that differs in older versions. */
const WARNING = /^([^]*) \[ack: (?:[Aa]nnotation::)?([^\]]+)\]$/;

function problemsOf({ node }: IConstruct): Finding[] {
  return node.validate().map((text) => ({ when: 'synthesis', text: `[${node.path}] ${text}` }));
}

function warningsOf({ node }: IConstruct): Finding[] {
  return node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => {
    const [, text, id] = WARNING.exec(String(data)) ?? [undefined, String(data)];
    return { when: 'warning', text, id };
  });
}
