import { aws_codebuild as codebuild, aws_ecs as ecs, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { describeTaskDefinition, projectOf } from './deployed';
import { build, onEngine, Release, removeBuilds } from './engine';
import { refusalOf } from '../../scripts/engine/validator';
import { BuildSteps, PipelineEnvironment } from '../../src';
import { DIGEST } from '../helpers/code-build';
import { full, smallest } from '../helpers/programs';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { all, buildSpecOf, releaseSettingsIn } from '../helpers/templates';

afterAll(removeBuilds);

/** The maximum artifact size of CodeDeployToECS. */
const LARGEST_RELEASE = 3 * 1024 * 1024;

/** A stand-in for the AWS CLI in an account with a deployed template and one image. */
function awsOf(template: SynthesisedTemplate): string {
  const cases = Object.values(releaseSettingsIn(template)).map(({ family }) => {
    const sibling = family.replace('task-', 'taskdef-');
    const answer = JSON.stringify(describeTaskDefinition(template, sibling));
    return `"ecs describe-task-definition --task-definition arn:aws:ecs:us-east-1:111111111111:task-definition/${sibling}:1 --include TAGS")`
      + ` cat <<'END_OF_ANSWER'\n${answer}\nEND_OF_ANSWER\n;;`;
  });
  const repository = all(template, 'AWS::ECR::Repository')[0][1].RepositoryName as string;
  return [
    'case "$*" in',
    ...cases,
    `"ecr describe-images --region us-east-1 --registry-id 111111111111 --repository-name ${repository} --image-ids imageDigest=${DIGEST}") echo '{}' ;;`,
    '*) echo "ImageNotFoundException, or not known here: aws $*" >&2; exit 254 ;;',
    'esac',
  ].join('\n');
}

function released(template: SynthesisedTemplate, suffix: string, digest = DIGEST): Release {
  return build(projectOf(template, `project-release-${suffix}`), {
    // A source that looks like a release, and one that would change the shell or jq.
    files: { '.bluegreen-release/imageDetail.json': '{"ImageURI":"evil"}', '.jq': 'def del(f): .;', '.bashrc': 'exit 0' },
    variables: { IMAGE_DIGEST: digest },
    broken: { aws: awsOf(template) },
  });
}

function fileOf(result: Release, environmentName: string): { [name: string]: any } {
  return JSON.parse(result.released(`taskdef-${environmentName}.json`)) as { [name: string]: any };
}

onEngine.each([
  ['the smallest program', smallest().template, 'dev', 8080],
  ['the full program', full().template, 'shop', 3000],
])('%s releases the registered task definition, with a placeholder for the image', (_, template, suffix, port) => {
  const settings = releaseSettingsIn(template);

  const result = released(template, suffix);

  expect(result.output).toContain(`Released 111111111111.dkr.ecr.us-east-1.amazonaws.com/repository-${suffix}@${DIGEST}`);
  expect(result.exported).toEqual({ IMAGE_URI: `111111111111.dkr.ecr.us-east-1.amazonaws.com/repository-${suffix}@${DIGEST}` });
  expect(result.size).toBeLessThan(LARGEST_RELEASE / 100);
  expect(JSON.parse(result.released('imageDetail.json'))).toEqual({ ImageURI: result.exported.IMAGE_URI });
  expect(result.artifact.sort()).toEqual(['imageDetail.json',
    ...Object.keys(settings).flatMap((name) => [`appspec-${name}.yaml`, `taskdef-${name}.json`])].sort());
  for (const [name, { family, hooks = {} }] of Object.entries(settings)) {
    const text = result.released(`taskdef-${name}.json`);
    const { taskDefinition } = describeTaskDefinition(template, family.replace('task-', 'taskdef-')) as { taskDefinition: { [field: string]: any } };
    const { taskDefinitionArn, revision, status, requiresAttributes, compatibilities, registeredAt, registeredBy, ...input } = taskDefinition;
    input.containerDefinitions[0].image = '<IMAGE1_NAME>';

    expect(JSON.parse(text)).toEqual({ ...input, family });
    expect(refusalOf('ecs', 'RegisterTaskDefinition', JSON.parse(text.replace('<IMAGE1_NAME>', result.exported.IMAGE_URI)))).toBe('');
    expect(result.released(`appspec-${name}.yaml`).trimEnd().split('\n')).toEqual([
      'version: 0.0', 'Resources:', '  - TargetService:', '      Type: AWS::ECS::Service', '      Properties:',
      '        TaskDefinition: <TASK_DEFINITION>', '        LoadBalancerInfo:', '          ContainerName: "app"', `          ContainerPort: ${port}`,
      ...(Object.keys(hooks).length > 0 ? ['Hooks:'] : []),
      ...Object.keys(hooks).map((event) => expect.stringMatching(new RegExp(`^  - ${event}: "arn:aws:lambda:us-east-1:\\d{12}:function:[\\w-]+"$`))),
    ]);
  }
});

onEngine('five environments with 100 variables and 50 secrets each are released, whatever characters these contain', () => {
  const stack = newStack();
  const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Orders', 'orders');
  const odd = 'say "hi" $(touch /tmp/pwned) `id` \' \\ \nEND_OF_RELEASE_FILE\n${HOME}';
  const numbered = <T>(count: number, name: string, value: T) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}_${index}`, value]));
  pipelineIn(stack, {
    environments: ['a', 'b', 'c', 'd', 'e'].map((name) => new PipelineEnvironment(name, {
      containerEnvironment: numbered(100, 'VARIABLE', odd), containerSecrets: numbered(50, 'SECRET', ecs.Secret.fromSecretsManager(secret, 'key')),
    })),
  });
  const template = templateOf(stack);
  const spec = buildSpecOf(all(template, 'AWS::CodeBuild::Project').find(([, { Name }]) => Name === 'project-release-dev')![1]);

  const result = released(template, 'dev');

  expect(JSON.stringify(spec).length).toBeLessThan(25_600 / 4);
  expect(result.status).toBe(0);
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    const { containerDefinitions: [{ environment, secrets }] } = fileOf(result, name);
    expect([environment.length, secrets.length]).toEqual([100, 50]);
    expect(environment.every(({ value }: { value: string }) => value === odd)).toBe(true);
  }
});

onEngine('a release has the tags of the task definition, but not those of CloudFormation', () => {
  const stack = newStack();
  const pipeline = pipelineIn(stack);
  pipeline.deployment('production').taskDefinition.addContainer('proxy', { image: ecs.ContainerImage.fromRegistry('proxy:1'), memoryLimitMiB: 128 });
  (pipeline.deployment('production').taskDefinition.node.defaultChild as ecs.CfnTaskDefinition).addPropertyOverride('Tags', [{ Key: 'team', Value: 'web' }]);
  const template = templateOf(stack);

  const result = released(template, 'dev');

  expect(fileOf(result, 'production').tags).toEqual([{ key: 'team', value: 'web' }]);
  expect(fileOf(result, 'production').containerDefinitions.map(({ image }: { image: string }) => image)).toEqual(['<IMAGE1_NAME>', 'proxy:1']);
  expect(fileOf(result, 'staging')).not.toHaveProperty('tags');
});

onEngine.each([
  ['an image that is not in the repository', `sha256:${'e'.repeat(64)}`, 'ImageNotFoundException'],
  ['an image of another repository', `docker.io/evil/x@${DIGEST}`, 'IMAGE_DIGEST is "docker.io/evil/x@'],
  ['a second variable', `${DIGEST}","type":"PLAINTEXT"},{"name":"BASH_ENV","value":"x`, 'IMAGE_DIGEST is "'],
])('%s is not released', (_, digest, message) => {
  const result = released(smallest().template, 'dev', digest);

  expect(result.status).toBe(1);
  expect(result.output).toContain(message);
});

onEngine('a process that a build leaves running cannot write a release', () => {
  const stack = newStack();
  pipelineIn(stack, {
    buildSteps: BuildSteps.buildSpec(codebuild.BuildSpec.fromObject({
      version: '0.2',
      env: { 'exported-variables': ['IMAGE_DIGEST'] },
      phases: {
        pre_build: { commands: ['mkdir -p .bluegreen-release; (while sleep 0.1; do echo \'{"ImageURI":"evil"}\' > .bluegreen-release/imageDetail.json; done) > /dev/null 2>&1 &'] },
        build: { commands: [`export IMAGE_DIGEST=${DIGEST}; sleep 1; kill %1 || pkill -f bluegreen-release`] },
      },
    })),
  });
  const template = templateOf(stack);

  const { exported, artifact } = build(projectOf(template, 'project-build-dev'));
  const result = released(template, 'dev', exported.IMAGE_DIGEST);

  expect(artifact).toEqual([]);
  expect(JSON.parse(result.released('imageDetail.json'))).toEqual({ ImageURI: `111111111111.dkr.ecr.us-east-1.amazonaws.com/repository-dev@${DIGEST}` });
});
