import { Properties } from '../../helpers/environments';
import { allPrograms, full } from '../../helpers/programs';
import { references } from '../../helpers/synthesis';
import { all, buildSpecOf, listOf, releasedTaskDefinitions, rendered, texts } from '../../helpers/templates';

const SECRET_NAME = /pass(word|wd|phrase)?|secret|token|api_?key|access_?key|credential|pepper/i;

/** The patterns of well-known credentials. */
const SECRET_VALUE = new RegExp([
  'AKIA[0-9A-Z]{16}', 'gh[pousr]_[A-Za-z0-9]{36}', 'xox[baprs]-', '-----BEGIN', 'eyJ[A-Za-z0-9_-]{10,}\\.', 'dckr_pat_',
  'password["\']?\\s*[:=]\\s*["\']?[^\\s"\'$]{6}',
].join('|'), 'i');

/** AWS words with as many kinds of characters as a key. */
const VOCABULARY = new RegExp([
  '^(HTTPCode_Target_5XX_Count', 'HTTPCode_ELB_503_Count', 'ELBSecurityPolicy-TLS13-[A-Za-z0-9-]+', 'ECS(Canary|Linear)10Percent[A-Za-z0-9]+)$',
].join('|'));

/** The entropy of a string, in bits per character. */
function entropy(text: string): number {
  const counts = [...new Set(text)].map((character) => text.split(character).length - 1);
  return -counts.reduce((sum, count) => sum + count / text.length * Math.log2(count / text.length), 0);
}

/** Strings that look like a random key: long, with several kinds of characters, and with a high entropy. */
function randomWords(text: string): string[] {
  return (text.match(/[A-Za-z0-9+/_=-]{20,}/g) ?? []).filter((word) =>
    !VOCABULARY.test(word) && [/[a-z]/, /[A-Z]/, /[0-9]/].every((kind) => kind.test(word)) && entropy(word) > 3.8);
}

test('the scan for random strings finds a key and ignores names', () => {
  expect(randomWords('curl -H "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY1"')).toHaveLength(1);
  expect(randomWords('public.ecr.aws/codebuild/amazonlinux-x86_64-standard:5.0 CodeDeployDefault.ECSCanary10Percent5Minutes')).toEqual([]);
});

describe.each(allPrograms())('$name', ({ template, given }) => {
  const secrets = all(template, 'AWS::SecretsManager::Secret').map(([id]) => id);
  const refersToSecret = (value: unknown): boolean => references(value).some((id) => secrets.includes(id));
  const projects = all(template, 'AWS::CodeBuild::Project').map(([, project]) => project);
  const variablesOf = (project: Properties) => (project.Environment.EnvironmentVariables ?? []) as Properties[];

  test('no string of the template is a known kind of credential, a random key or a resolved secret', () => {
    const logicalIds = new Set(Object.keys(template.Resources));
    // The handler of CDK's own function is addressed by the hash of its code.
    const literals = texts(template).filter(([path, text]) => !logicalIds.has(text) && !/\/(S3Key|S3Bucket)(\/|$)|\/Fn::GetAtt\//.test(path));

    expect(texts(template).filter(([, text]) => SECRET_VALUE.test(text) || text.includes('{{resolve:'))).toEqual([]);
    expect(literals.length).toBeGreaterThan(50);
    expect(literals.filter(([, text]) => randomWords(text).length > 0)).toEqual([]);
  });

  test('no build or container gets a variable with the name of a secret as plain text', () => {
    const containers = all(template, 'AWS::ECS::TaskDefinition').flatMap(([, { ContainerDefinitions }]) => ContainerDefinitions as Properties[]);
    const plain = [
      ...projects.flatMap(variablesOf).filter(({ Type }) => Type === undefined || Type === 'PLAINTEXT'),
      ...containers.flatMap(({ Environment }) => (Environment ?? []) as Properties[]),
    ].map(({ Name }) => String(Name));
    const inSpecs = projects.flatMap((project) => Object.keys(buildSpecOf(project).env?.variables ?? {}));

    expect([...plain, ...inSpecs].filter((name) => SECRET_NAME.test(name))).toEqual([]);
  });

  test('the template has no parameter except the bootstrap version, and no output of a secret', () => {
    const { Parameters = {}, Outputs = {} } = template;

    expect(Object.keys(Parameters).filter((name) => name !== 'BootstrapVersion')).toEqual([]);
    expect(references(Outputs)).toEqual([]);
  });

  test('only resources that read a secret at run time refer to it', () => {
    const referring = Object.entries(template.Resources)
      .filter(([id, resource]) => !given.includes(id) && refersToSecret(resource.Properties)).map(([, { Type }]) => Type);
    const readers = [
      'AWS::CodeBuild::Project', 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::SecretsManager::RotationSchedule',
      'AWS::SecretsManager::ResourcePolicy',
    ];

    expect(referring.filter((type) => !readers.includes(type))).toEqual([]);
  });

  test('a build gets secrets through Secrets Manager, and its buildspec names none', () => {
    const withSecret = projects.flatMap(variablesOf).filter(({ Value }) => refersToSecret(Value));

    // The login command reads the user name by the ARN of the secret, which is no secret itself.
    expect(withSecret.filter(({ Name, Type }) => Type !== 'SECRETS_MANAGER' && Name !== 'REGISTRY_LOGIN_ARN')).toEqual([]);
    expect(projects.filter(({ Source }) => refersToSecret(Source.BuildSpec))).toEqual([]);
  });
});

test('the secrets of a container reach the release as references, and never as variables', () => {
  const released = Object.values(releasedTaskDefinitions(full().template)).map(({ ContainerDefinitions: [{ Secrets, Environment }] }) =>
    ({
      secrets: listOf(Secrets as Properties[] | undefined).map(({ Name, ValueFrom }) => [Name, rendered(ValueFrom)]),
      environment: listOf(Environment),
    }));
  const password = ['DB_PASSWORD', 'arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:orders-AbCdEf:password::'];
  const pepper = ['PEPPER', 'arn:${AWS::Partition}:ssm:us-east-1:${AWS::AccountId}:parameter/orders/pepper'];

  expect(released).toEqual([
    { secrets: [], environment: [{ Name: 'LOG_LEVEL', Value: 'debug' }] },
    { secrets: [password], environment: [] },
    { secrets: [password, pepper], environment: [{ Name: 'LOG_LEVEL', Value: 'info' }] },
  ]);
});
