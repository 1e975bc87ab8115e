import { BUILDKIT_ON_MIRROR, DEFAULT_BUILDKIT_IMAGE } from '../../src/codebuild/defaults';
import { awsWith, BUILDX, buildSpecOfProject, cleanUp, DIGEST, run, Run } from '../helpers/code-build';
import { build, IMAGE_REPOSITORY, PASSWORD } from '../helpers/image-build';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { plainVariables } from '../helpers/templates';

afterAll(cleanUp);

describe('the build of a pipeline, run under bash,', () => {
  let template: SynthesisedTemplate;

  beforeAll(() => {
    const stack = newStack();
    pipelineIn(stack);
    template = templateOf(stack);
  });

  const ARN = '${PRegistryCredentials7684B354}';
  const LOGIN = 'docker login --username acme --password-stdin docker.io';

  test('a build pulls anonymously until the secret has real credentials', () => {
    const result = build(template);

    expect(result.output).toContain('No registry credentials yet: pulling anonymously');
    expect(result.calls.filter((call) => call.includes('docker.io'))).toEqual([]);
    expect(result.status).toBe(0);
  });

  test.each([
    ['as the console writes it', '{"username":"acme","password":"x"}'],
    ['on several lines', '{\r\n\t"password": "x",\r\n\t"username":\r\n\t\t"acme"\r\n}\r\n'],
    ['with spaces and further keys', ' { "registry" : "ghcr.io" , "username" : "acme" , "password" : "x" } '],
    ['with a password that looks like a user name', '{"username":"acme","password":"\\"username\\":\\"eve\\""}'],
    ['with the key names as values', '{"note":"username","password":"username","username":"acme"}'],
    ['with a password of backslashes and quotes', String.raw`{"password":"a\\\"$(touch pwned)'\`id\`","username":"acme"}`],
    ['with another user name in a preceding object', '{"proxy":{"username":"eve","password":"y"},"username":"acme","password":"x"}'],
    ['with another user name in a following object', '{"username":"acme","password":"x","old":[{"username":"eve"},{"a":{"username":"eve"}}]}'],
    ['with braces in the password', String.raw`{"password":"}{\"{","username":"acme","proxy":{"key":"}","username":"eve"}}`],
  ])('a build logs in with the user name of a secret %s', (_, secret) => {
    const result = build(template, { standIns: { aws: awsWith(secret) } });

    expect(result.calls).toContain(LOGIN);
    expect(result.exists('pwned')).toBe(false);
    expect(result.status).toBe(0);
  });

  test.each([
    ['no user name', '{"password":"x"}'],
    ['an empty user name', '{"username":"","password":"x"}'],
    ['a user name that is not a string', '{"username":7,"password":"x"}'],
    ['a user name with a quote', String.raw`{"username":"ac\"me","password":"x"}`],
    ['a user name with a brace', '{"username":"ac{me","password":"x"}'],
    ['a user name in a nested object only', '{"proxy":{"username":"eve"},"password":"x"}'],
    ['a value that is not JSON', 'acme'],
  ])('a build ends before the image build when the secret has %s', (_, secret) => {
    const result = build(template, { standIns: { aws: awsWith(secret) } });

    expect(result.phases).toEqual({ install: 'SUCCEEDED', pre_build: 'FAILED' });
    expect(result.output).toContain("has no string 'username', or one with quotes, backslashes or braces");
    expect(result.calls.filter((call) => call.includes('docker.io'))).toEqual([]);
  });

  test('a build ends before the image build when the secret cannot be read', () => {
    const aws = 'if [ "$1" = secretsmanager ]; then echo AccessDeniedException >&2; exit 254; fi; echo token';

    const result = build(template, { standIns: { aws } });

    expect(result.phases).toEqual({ install: 'SUCCEEDED', pre_build: 'FAILED' });
    expect(result.output).toContain('AccessDeniedException');
  });

  test('a build masks the password in the log, but not the registry or the user name', () => {
    const commands = ['echo "$REGISTRY_SERVER for acme, secret $REGISTRY_PASSWORD"'];
    const spec = buildSpecOfProject(template, 'project-build-dev');

    const result = run({ ...spec, phases: { build: { commands: [...spec.phases.pre_build.commands, ...commands] } } }, {
      environment: { ...plainVariables(template, 'project-build-dev'), IMAGE_REPOSITORY },
      secrets: { REGISTRY_PASSWORD: PASSWORD },
      standIns: { docker: 'echo "docker $*"', aws: awsWith('{"username":"acme"}') },
    });

    expect(result.output).toContain('docker.io for acme, secret ***\n');
    expect(result.output).toContain(LOGIN);
    expect(result.calls.join('\n')).not.toContain(PASSWORD);
    expect(result.calls).toContain(`aws secretsmanager get-secret-value --secret-id ${ARN} --query SecretString --output text`);
  });

  describe('the login to ECR Public', () => {
    const PUBLIC = 'docker login --username AWS --password-stdin public.ecr.aws';

    test.each(['us-east-1', 'eu-central-2', 'ap-southeast-7'])('a build in %s logs in to ECR Public with a token of us-east-1, the region of the registry', (AWS_DEFAULT_REGION) => {
      const { calls } = build(template, { environment: { AWS_DEFAULT_REGION } });

      expect(calls).toContain('aws ecr-public get-login-password --region us-east-1');
      expect(calls).toContain(PUBLIC);
    });

    test.each(['cn-north-1', 'us-gov-west-1', 'us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'eusc-de-east-1'])(
      'a build in %s does not log in to ECR Public, which its partition does not have', (AWS_DEFAULT_REGION) => {
        const { calls, status } = build(template, { environment: { AWS_DEFAULT_REGION } });

        expect(calls.filter((call) => call.includes('public'))).not.toContain(PUBLIC);
        expect(calls).not.toContain('aws ecr-public get-login-password --region us-east-1');
        expect(status).toBe(0);
      });

    test.each([
      ['IAM refuses the token', { aws: `if [ "$1" = ecr-public ]; then echo denied >&2; exit 254; fi\n${awsWith('{"username":"REPLACE_ME"}')}` }],
      ['the registry refuses the login', { docker: `if [ "$1 $5" = "login public.ecr.aws" ]; then exit 1; fi\n${BUILDX}` }],
    ])('a build pulls from ECR Public anonymously when %s', (_, standIns) => {
      const result = build(template, { standIns });

      expect(result.output).toContain('No login to ECR Public: pulling anonymously');
      expect(result.status).toBe(0);
      expect(result.exported).toEqual({ IMAGE_DIGEST: DIGEST });
    });
  });

  describe('the pull of BuildKit', () => {
    /** A Docker stand-in whose first pulls fail. */
    const refusing = (times: number) => `if [ "$1" = pull ]; then
  echo >> "$CODEBUILD_SRC_DIR/pulls"
  if [ "$(wc -l < "$CODEBUILD_SRC_DIR/pulls")" -le ${times} ]; then echo "toomanyrequests: Rate exceeded" >&2; exit 1; fi
fi${BUILDX}`;
    const pulls = ({ calls }: Run) => calls.filter((call) => /^(docker pull|sleep)/.test(call));
    const PULL = `docker pull ${DEFAULT_BUILDKIT_IMAGE}`;
    const MIRROR = `docker pull ${BUILDKIT_ON_MIRROR}`;

    test('a build pulls BuildKit once when the registry provides it', () => {
      expect(pulls(build(template))).toEqual([PULL]);
    });

    test('a build pulls BuildKit from a mirror when the registry fails, and starts the image that it pulled', () => {
      const result = build(template, { standIns: { docker: refusing(1) } });

      expect(pulls(result)).toEqual([PULL, MIRROR]);
      expect(result.calls).toContain(`docker buildx create --name bluegreen --driver docker-container --driver-opt image=${BUILDKIT_ON_MIRROR}`);
      expect(result.status).toBe(0);
    });

    test('a build pulls BuildKit again after both registries failed twice, with longer and longer pauses', () => {
      const result = build(template, { standIns: { docker: refusing(4) } });

      expect(pulls(result)).toEqual([PULL, MIRROR, 'sleep 5', PULL, MIRROR, 'sleep 15', PULL]);
      expect(result.status).toBe(0);
    });

    test('a build tries to pull BuildKit in at most four rounds', () => {
      const result = build(template, { standIns: { docker: refusing(9) } });

      const round = [PULL, MIRROR];
      expect(pulls(result)).toEqual([...round, 'sleep 5', ...round, 'sleep 15', ...round, 'sleep 45', ...round]);
      expect(result.phases).toEqual({ install: 'SUCCEEDED', pre_build: 'FAILED' });
    });
  });
});
