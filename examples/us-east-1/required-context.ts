import { App } from 'aws-cdk-lib';

/** What the example must be told, how each value looks, and an example of it. */
const REQUIRED = {
  connectionArn: {
    pattern: /^arn:aws[a-z-]*:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection\/[0-9A-Za-z]{8}(-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}$/,
    rule: 'the ARN of a CodeConnections connection',
    example: 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d',
  },
  repository: { pattern: /^(?!.*\.git$)(?!.*(^|\/)\.{1,2}(\/|$))[\w.-]+(\/[\w.-]+)+$/, rule: 'owner/name', example: 'acme/storefront' },
  notificationEmail: {
    pattern: /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@([A-Za-z0-9-]+\.)+[A-Za-z][A-Za-z0-9]+$/,
    rule: 'an e-mail address',
    example: 'team@example.com',
  },
  environmentSuffix: {
    pattern: /^(?=.{1,12}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    rule: 'at most 12 lower-case letters, digits and single hyphens, starting with a letter',
    example: 'dev',
  },
};

type Name = keyof typeof REQUIRED;

/**
 * Reads what the example needs from the CDK context, and refuses to go on with one message that names each value that is
 * missing or malformed. The library checks them again; this knows how they are given, and names all of them at once.
 */
export function requiredContext(app: App): Record<Name, string> {
  const names = Object.keys(REQUIRED) as Name[];
  const problems = names.flatMap((name) => {
    const { pattern, rule, example } = REQUIRED[name];
    const value: unknown = app.node.tryGetContext(name);
    if (typeof value === 'string' && pattern.test(value)) {
      return [];
    }
    const found = value === undefined || value === '' ? 'is missing' : `is malformed: ${JSON.stringify(value)}`;
    return [`  ${name} ${found}; give ${rule}:  -c ${name}=${example}`];
  });
  if (problems.length > 0) {
    // A stack trace would bury the message, and there is nothing to debug.
    console.error(`The example cannot be synthesised: of its ${names.length} context values these are missing or malformed\n${problems.join('\n')}`);
    process.exit(1);
  }
  return Object.fromEntries(names.map((name) => [name, app.node.tryGetContext(name)])) as Record<Name, string>;
}
