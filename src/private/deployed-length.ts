import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

export interface DeployedLengthOptions {
  readonly scope: IConstruct;
  /** The value in the template, including references. */
  readonly value: unknown;
  /** The limit of the service. */
  readonly limit: number;
  /** Length as the service counts it: in characters, unless stated otherwise. */
  readonly count?: (text: string) => number;
}

/** Longer than the value of any reference of the library; the longest is the ARN of a listener. */
const LONGEST = 256;

/** Shorter than the value of any reference of the library. */
const SHORTEST = 11;

/** Shortest value of each pseudo parameter. */
const PSEUDO: { readonly [name: string]: string } = {
  'AWS::AccountId': '111111111111',
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Shortest prefix of a name in an ARN. */
const ARN_PREFIX = 'arn:aws:s3:::';

/**
 * Returns the length of a value in the account, as JSON without white space, if it exceeds a limit for all possible
 * values of its references; undefined if the value fits, or may fit.
 */
export function lengthBeyond(options: DeployedLengthOptions): number | undefined {
  const { scope, value, limit, count = ({ length }) => length } = options;
  const longest = count(asText(value, () => 'x'.repeat(LONGEST)));
  if (longest <= limit) {
    return undefined;
  }
  const names = namesIn(Stack.of(scope));
  const shortest = count(asText(value, (reference) => shortestText(reference, names)));
  return shortest > limit ? shortest : undefined;
}

/** Returns the length of a string in UTF-8. */
export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text);
}

type Intrinsic = { readonly [name: string]: unknown };
type Fill = (reference: Intrinsic) => string;

/** Renders a value with a string in place of each reference: a string unchanged, anything else as JSON. */
function asText(value: unknown, fill: Fill): string {
  const filled = fillReferences(value, fill);
  return typeof filled === 'string' ? filled : JSON.stringify(filled) ?? '';
}

function fillReferences(value: unknown, fill: Fill): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => fillReferences(element, fill));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const [[name, inner] = [], ...others] = Object.entries(value) as [string?, unknown?][];
  if (others.length === 0 && name === 'Fn::Join') {
    return joined(inner as [string, unknown], fill);
  }
  return others.length === 0 && (name === 'Ref' || name?.startsWith('Fn::'))
    ? fill(value as Intrinsic)
    : Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fillReferences(entry, fill)]));
}

function joined([separator, parts]: [string, unknown], fill: Fill): string {
  return Array.isArray(parts)
    ? parts.map((part) => asText(part, fill)).join(separator)
    : fill({ 'Fn::Join': [separator, parts] });
}

function shortestText({ Ref: id, 'Fn::GetAtt': attribute }: Intrinsic, names: Map<string, string>): string {
  const [owner, name] = Array.isArray(attribute) ? attribute as string[] : [String(id)];
  const known = PSEUDO[owner] ?? names.get(owner) ?? 'x'.repeat(SHORTEST);
  return name === 'Arn' ? ARN_PREFIX + known : known;
}

/** The physical names of the resources of a stack, by logical id. */
function namesIn(stack: Stack): Map<string, string> {
  const resources = stack.node.findAll().filter((construct) => CfnResource.isCfnResource(construct));
  return new Map(resources.flatMap((resource) => {
    const name = NAME_PROPERTIES.map((property) => (resource as unknown as Intrinsic)[property])
      .find((value): value is string => typeof value === 'string' && !Token.isUnresolved(value));
    return name === undefined ? [] : [[String(stack.resolve(resource.logicalId)), name]];
  }));
}

const NAME_PROPERTIES = [
  'name', 'applicationName', 'bucketName', 'deploymentGroupName', 'functionName', 'logGroupName', 'repositoryName',
  'roleName', 'ruleName', 'topicName',
];
