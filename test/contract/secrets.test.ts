import { allPrograms, full, pipelinePrograms } from '../helpers/programs';
import { references } from '../helpers/synthesis';
import { all, buildSpecOf, releasedTaskDefinitions, rendered, texts } from '../helpers/templates';

const SECRET_NAME = /pass(word|wd|phrase)?|secret|token|api_?key|access_?key|credential|pepper/i;

/** What well-known credentials look like, wherever they stand. */
const SECRET_VALUE = /AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[baprs]-|-----BEGIN|eyJ[A-Za-z0-9_-]{10,}\.|dckr_pat_|password["']?\s*[:=]\s*["']?[^\s"'$]{6}/i;

/** Bits of information in a character of a text. */
function entropy(text: string): number {
  const counts = [...new Set(text)].map((character) => text.split(character).length - 1);
  return -counts.reduce((sum, count) => sum + count / text.length * Math.log2(count / text.length), 0);
}

/** Words of AWS that are as mixed as a key. */
const VOCABULARY = /^(HTTPCode_Target_5XX_Count|ELBSecurityPolicy-TLS13-[A-Za-z0-9-]+|ECS(Canary|Linear)10Percent[A-Za-z0-9]+|CodeDeployDefault)$/;

/** Words in a text that look like a random key: long, of mixed kinds of characters, and hard to guess. */
function randomWords(text: string): string[] {
  return (text.match(/[A-Za-z0-9+/_=-]{20,}/g) ?? []).filter((word) =>
    !VOCABULARY.test(word) && /[a-z]/.test(word) && /[A-Z]/.test(word) && /[0-9]/.test(word) && entropy(word) > 3.8);
}

test('the scan for random words finds a key and lets names pass', () => {
  expect(randomWords('curl -H "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY1"')).toHaveLength(1);
  expect(randomWords('public.ecr.aws/codebuild/amazonlinux-x86_64-standard:5.0 CodeDeployDefault.ECSCanary10Percent5Minutes')).toEqual([]);
});

describe.each(allPrograms())('$name', ({ template, given }) => {
  const logicalIds = new Set(Object.keys(template.Resources));
  // The handler of CDK's own function is addressed by the hash of its code.
  const literals = texts(template).filter(([path, text]) => !logicalIds.has(text) && !/\/(S3Key|S3Bucket)(\/|$)|\/Fn::GetAtt\//.test(path));

  test('promise 23: no text of the template looks like a known kind of credential', () => {
    expect(texts(template).filter(([, text]) => SECRET_VALUE.test(text))).toEqual([]);
  });

  test('promise 23: no text of the template holds a random key', () => {
    expect(literals.length).toBeGreaterThan(50);
    expect(literals.filter(([, text]) => randomWords(text).length > 0)).toEqual([]);
  });

  test('promise 23: no build gets anything with the name of a secret as plain text', () => {
    for (const [, project] of all(template, 'AWS::CodeBuild::Project')) {
      const variables = (project.Environment.EnvironmentVariables ?? []) as { Name: string; Type?: string }[];
      const spec = buildSpecOf(project);
      const plain = [
        ...variables.filter(({ Type }) => Type === undefined || Type === 'PLAINTEXT').map(({ Name }) => Name),
        ...Object.keys(spec.env?.variables ?? {}),
      ];

      expect(plain.filter((name) => SECRET_NAME.test(name))).toEqual([]);
    }
  });

  test('promise 23: no container gets anything with the name of a secret as plain text', () => {
    for (const [, definition] of all(template, 'AWS::ECS::TaskDefinition')) {
      const names = (definition.ContainerDefinitions as { Environment?: { Name: string }[] }[])
        .flatMap(({ Environment }) => Environment ?? [])
        .map(({ Name }) => Name);

      expect(names.filter((name) => SECRET_NAME.test(name))).toEqual([]);
    }
  });

  test('promise 23: no parameter of the template has a default that is a secret', () => {
    const parameters = Object.entries((template as { Parameters?: { [name: string]: unknown } }).Parameters ?? {});

    expect(parameters.filter(([name]) => SECRET_NAME.test(name))).toEqual([]);
    expect(parameters.map(([name]) => name).filter((name) => name !== 'BootstrapVersion')).toEqual([]);
  });

  test('promise 23: every secret is generated, from a template of nothing but placeholders', () => {
    for (const [, secret] of all(template, 'AWS::SecretsManager::Secret')) {
      expect(secret).not.toHaveProperty('SecretString');
      expect(secret.GenerateSecretString.GenerateStringKey).toBe('password');
      expect(JSON.parse(secret.GenerateSecretString.SecretStringTemplate as string)).toEqual({
        registry: expect.stringMatching(/^(docker\.io|ghcr\.io)$/),
        username: 'REPLACE_ME',
      });
    }
  });

  test('promise 24: nothing but what reads a secret at run time refers to it', () => {
    const secrets = all(template, 'AWS::SecretsManager::Secret').map(([id]) => id);
    const referring = Object.entries(template.Resources)
      .filter(([id, { Properties }]) => !given.includes(id) && references(Properties).some((other) => secrets.includes(other)))
      .map(([, { Type }]) => Type);
    const readers = ['AWS::CodeBuild::Project', 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::SecretsManager::RotationSchedule',
      'AWS::SecretsManager::ResourcePolicy'];

    expect(referring.filter((type) => !readers.includes(type))).toEqual([]);
    expect(references(template.Outputs ?? {})).toEqual([]);
  });

  test('promise 24: no value of a secret is resolved into the template', () => {
    expect(texts(template).filter(([, text]) => text.includes('{{resolve:'))).toEqual([]);
  });

  test('promise 24: a build gets secrets through Secrets Manager alone, and its build spec names none', () => {
    const secrets = all(template, 'AWS::SecretsManager::Secret').map(([id]) => id);

    for (const [, project] of all(template, 'AWS::CodeBuild::Project')) {
      const variables = (project.Environment.EnvironmentVariables ?? []) as { Type?: string; Value: unknown }[];
      const withSecret = variables.filter(({ Value }) => references(Value).some((id) => secrets.includes(id)));

      expect(withSecret.filter(({ Type }) => Type !== 'SECRETS_MANAGER')).toEqual([]);
      expect(references(project.Source.BuildSpec).filter((id) => secrets.includes(id))).toEqual([]);
    }
  });
});

describe.each(pipelinePrograms())('$name', ({ template }) => {
  test('promise 24: what is released agrees with the sibling task definition about secrets and variables', () => {
    const siblings = Object.fromEntries(all(template, 'AWS::ECS::TaskDefinition')
      .map(([, { Family, ContainerDefinitions }]) => [Family, ContainerDefinitions[0]]));

    for (const [environmentName, file] of Object.entries(releasedTaskDefinitions(template))) {
      const [container] = file.containerDefinitions;
      const sibling = siblings[file.family.replace(/^task-/, 'taskdef-')] as {
        Secrets?: { Name: string; ValueFrom: unknown }[]; Environment?: { Name: string; Value: string }[];
      };

      expect([environmentName, container.secrets])
        .toEqual([environmentName, sibling.Secrets?.map(({ Name, ValueFrom }) => ({ name: Name, valueFrom: rendered(ValueFrom) }))]);
      expect([environmentName, container.environment])
        .toEqual([environmentName, sibling.Environment?.map(({ Name, Value }) => ({ name: Name, value: Value }))]);
      expect((container.environment ?? []).filter(({ name }) => SECRET_NAME.test(name))).toEqual([]);
    }
  });
});

test('promise 24: the secrets of a container reach the release as references and never as variables', () => {
  const released = releasedTaskDefinitions(full().template);
  const [live] = released.live.containerDefinitions;
  const [preprod] = released.preprod.containerDefinitions;
  const [qa] = released.qa.containerDefinitions;
  const account = '${AWS::Region}:${AWS::AccountId}';

  expect(live.secrets).toEqual([
    { name: 'DB_PASSWORD', valueFrom: `arn:\${AWS::Partition}:secretsmanager:${account}:secret:orders-AbCdEf:password::` },
    { name: 'PEPPER', valueFrom: expect.stringMatching(/^arn:\$\{AWS::Partition\}:ssm:us-east-1:\$\{AWS::AccountId\}:parameter\/orders\/pepper$/) },
  ]);
  expect(live.environment).toEqual([{ name: 'LOG_LEVEL', value: 'info' }]);
  expect(preprod.secrets).toHaveLength(1);
  expect(preprod.environment).toBeUndefined();
  expect(qa.secrets).toBeUndefined();
  expect(qa.environment).toEqual([{ name: 'LOG_LEVEL', value: 'debug' }]);
});
