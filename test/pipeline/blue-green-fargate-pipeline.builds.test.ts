import { aws_codebuild as codebuild, aws_ecr as ecr, aws_ecs as ecs } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { BlueGreenFargatePipelineProps, BuildCache, BuildImage, BuildReport, BuildSteps, PlatformOptions } from '../../src';
import { buildSpecOfProject } from '../helpers/code-build';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { all, plainVariables, statementsFor } from '../helpers/templates';

function templateWith(props: Partial<BlueGreenFargatePipelineProps>): SynthesisedTemplate {
  const stack = newStack();
  pipelineIn(stack, props);
  return templateOf(stack);
}

const stageNames = (template: SynthesisedTemplate) => (all(template, 'AWS::CodePipeline::Pipeline')[0][1].Stages as { Name: string }[]).map(({ Name }) => Name);

const OWN = { version: '0.2', env: { 'exported-variables': ['IMAGE_DIGEST'] }, phases: { build: { commands: ['make image'] } } };

describe("the user's own build steps", () => {
  test('custom build steps build the image as configured, with the repository and credentials of the pipeline', () => {
    const template = templateWith({
      buildSteps: BuildSteps.image({ dockerfile: 'web/Dockerfile', buildArgs: { NODE: '22' }, cache: BuildCache.registry(), buildkitImage: 'acme/buildkit:1' }),
    });
    const spec = buildSpecOfProject(template, 'project-build-dev');

    expect(spec.env?.variables).toMatchObject({ DOCKERFILE: 'web/Dockerfile', BUILDKIT_IMAGE: 'acme/buildkit:1', IMAGE_REPOSITORY: expect.stringContaining('PRepository') });
    expect(plainVariables(template, 'project-build-dev')).toEqual({
      BUILD_ARG_NODE: '22', REGISTRY_SERVER: 'docker.io', REGISTRY_LOGIN_ARN: expect.stringMatching(/^\$\{PRegistryCredentials\w+\}$/),
    });
    expect(JSON.stringify(spec)).toContain('$REGISTRY_USERNAME');
    expect(stageNames(template).slice(0, 3)).toEqual(['Source', 'Build', 'Test']);
  });

  test('custom build steps can be a buildspec that exports the digest of the image', () => {
    const template = templateWith({ buildSteps: BuildSteps.buildSpec(codebuild.BuildSpec.fromObject(OWN), { docker: true }) });
    const stages = all(template, 'AWS::CodePipeline::Pipeline')[0][1].Stages;

    expect(stageNames(template).slice(0, 4)).toEqual(['Source', 'Build', 'Test', 'ApproveStaging']);
    expect(buildSpecOfProject(template, 'project-build-dev')).toEqual(OWN);
    expect(plainVariables(template, 'project-build-dev')).toEqual({
      IMAGE_REPOSITORY: expect.stringContaining('PRepository'),
      REGISTRY_SERVER: 'docker.io',
      REGISTRY_LOGIN_ARN: expect.stringMatching(/^\$\{PRegistryCredentials\w+\}$/),
    });
    expect(stages[1].Actions[0]).toMatchObject({ Namespace: 'Build', ActionTypeId: { Category: 'Build' } });
    expect(stages[1].Actions[0]).not.toHaveProperty('OutputArtifacts');
    const role = Object.entries(template.Resources).find(([, { Properties }]) => Properties?.RoleName === 'role-project-build-dev-us-east-1');
    expect(JSON.stringify(role)).toContain('ecr:PutImage');
    Template.fromJSON(template).hasResourceProperties('AWS::CodeBuild::Project', {
      Name: 'project-build-dev',
      Environment: { PrivilegedMode: true, EnvironmentVariables: Match.arrayWith([Match.objectLike({ Name: 'REGISTRY_PASSWORD', Type: 'SECRETS_MANAGER' })]) },
    });
  });

  test('custom build steps can be a buildspec file in the source', () => {
    const template = templateWith({ buildSteps: BuildSteps.buildSpec(codebuild.BuildSpec.fromSourceFilename('ci/build.yml'), { docker: true }) });

    expect(stageNames(template).slice(0, 4)).toEqual(['Source', 'Build', 'Test', 'ApproveStaging']);
    Template.fromJSON(template).hasResourceProperties('AWS::CodeBuild::Project', { Name: 'project-build-dev', Source: { BuildSpec: 'ci/build.yml' } });
  });
});

describe("the user's own test steps", () => {
  test('custom test steps get the image from the repository of the pipeline without naming it', () => {
    const template = templateWith({ testSteps: BuildSteps.commands(['docker run --rm "$IMAGE_URI" npm test'], { docker: true, reports: [BuildReport.junit(['junit.xml'])] }) });

    expect(buildSpecOfProject(template, 'project-test-dev')).toMatchObject({
      env: { variables: { IMAGE_REPOSITORY: expect.stringContaining('PRepository') } },
      reports: { '${PTestReportsCBDA7E43.Arn}': expect.anything() },
    });
    const role = Object.entries(template.Resources).find(([, { Properties }]) => Properties?.RoleName === 'role-project-test-dev-us-east-1');
    expect(JSON.stringify(role)).toContain('ecr:BatchGetImage');
    expect(JSON.stringify(role)).not.toContain('ecr:PutImage');
  });

  test('custom test steps can be a buildspec, which may pull the image but not push one', () => {
    const template = templateWith({ testSteps: BuildSteps.buildSpec(codebuild.BuildSpec.fromSourceFilename('ci/test.yml'), { docker: true }) });

    const [id] = Object.entries(template.Resources).find(([, { Properties }]) => Properties?.RoleName === 'role-project-test-dev-us-east-1') ?? [''];
    expect(JSON.stringify(template.Resources[id])).toContain('ecr:BatchGetImage');
    expect(JSON.stringify(template.Resources[id])).not.toContain('ecr:PutImage');
    expect(statementsFor(template, 'AWS::IAM::Policy', 'Roles', id)).toEqual([]);
  });
});

describe('ARM64', () => {
  // The release is written in an image of AWS for x86-64, whatever the tasks run on.
  const buildsOf = (of: SynthesisedTemplate) =>
    all(of, 'AWS::CodeBuild::Project').map(([, project]) => project).filter(({ Name }) => Name !== 'project-release-dev');
  const arm = (props: PlatformOptions = {}) => templateWith({ platform: { cpuArchitecture: ecs.CpuArchitecture.ARM64, ...props } });
  const template = arm();

  test('every task runs on ARM64, from the first tasks to those of a release', () => {
    const definitions = all(template, 'AWS::ECS::TaskDefinition').map(([, { RuntimePlatform }]) => RuntimePlatform);
    expect(definitions).toEqual(Array(4).fill({ CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' }));
  });

  test('builds run on ARM64 and create ARM64 images', () => {
    for (const { Environment } of buildsOf(template)) {
      expect(Environment).toMatchObject({
        Type: 'ARM_CONTAINER', ComputeType: 'BUILD_GENERAL1_SMALL', Image: 'public.ecr.aws/codebuild/amazonlinux-aarch64-standard:4.0', ImagePullCredentialsType: 'SERVICE_ROLE',
      });
    }
    expect(buildSpecOfProject(template, 'project-build-dev').phases.build.commands.join('\n')).toContain('--platform linux/arm64 ');
  });

  test('a build image of the user that supports ARM64 is accepted', () => {
    const tools = ecr.Repository.fromRepositoryName(newStack(), 'Tools', 'tools');
    const buildImage = BuildImage.fromEcrRepository(tools, '1', { cpuArchitecture: ecs.CpuArchitecture.ARM64 });

    expect(buildsOf(arm({ buildImage })).map(({ Environment }) => Environment.Type))
      .toEqual(['ARM_CONTAINER', 'ARM_CONTAINER']);
  });

  test('a template without ARM64 names no architecture, so that running resources do not change', () => {
    const smallest = templateWith({});

    expect(templateWith({ platform: { cpuArchitecture: ecs.CpuArchitecture.X86_64 } })).toEqual(smallest);
    expect(JSON.stringify(smallest)).not.toContain('RuntimePlatform');
  });
});
