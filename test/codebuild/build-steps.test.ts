import { aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_ecr as ecr } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { BuildReport, BuildSteps, CachedBuildProject } from '../../src';
import { buildSpecOfProject, cleanUp, DIGEST, run } from '../helpers/code-build';
import { pipelineOfTheUser } from '../helpers/programs';
import { allow, statementsOf } from '../helpers/steps';
import { newStack, templateOf } from '../helpers/synthesis';
import { BuildSpec } from '../helpers/templates';

/** The buildspec of a project that runs these steps. */
function specOf(steps: BuildSteps): BuildSpec {
  const stack = newStack();
  new CachedBuildProject(stack, 'Test', { environmentSuffix: 'dev', purpose: 'test', steps });
  return buildSpecOfProject(templateOf(stack), 'project-test-dev');
}

afterAll(cleanUp);

describe('commands, run under bash', () => {
  test('find the image in IMAGE_URI, and the first that fails ends the build', () => {
    const repository = ecr.Repository.fromRepositoryName(newStack(), 'Images', 'images');
    const spec = specOf(BuildSteps.commands(['echo "testing $IMAGE_URI"', 'false', 'echo never'], { repository }));

    const result = run(spec, { environment: { IMAGE_REPOSITORY: 'r' }, files: { 'release/imageDetail.json': '{"ImageURI":"r@d"}' } });

    expect(result.status).toBe(1);
    expect(result.output).toContain('testing r@d');
    expect(result.output).not.toContain('never');
  });

  test.each(['false | cat', 'for round in 1 2; do false; true; done', 'false\ntrue', 'LIST="$(false)"'])('end the build with what fails in %j', (command) => {
    expect(run(specOf(BuildSteps.commands([command]))).status).not.toBe(0);
    expect(run(specOf(BuildSteps.commands([command.replaceAll('false', 'true')]))).status).toBe(0);
  });

  test('hand folder and variables on to the next', () => {
    expect(run(specOf(BuildSteps.commands(['mkdir deep', 'cd deep', 'export NAME=ünï', 'echo "$NAME in ${PWD##*/}"']))).output).toContain('ünï in deep');
  });

  test('have Docker without an image, if that is what they need', () => {
    const spec = specOf(BuildSteps.commands(['docker version'], { docker: true }));

    expect(run(spec).calls).toEqual(expect.arrayContaining(['docker info', 'docker version']));
    expect(spec.phases).not.toHaveProperty('pre_build');
  });
});

describe('a buildspec of the user', () => {
  test('is taken as it is', () => {
    const stack = newStack();
    const spec = { version: '0.2', phases: { build: { commands: ['make'] } } };

    new CachedBuildProject(stack, 'Build', { environmentSuffix: 'dev', steps: BuildSteps.buildSpec(codebuild.BuildSpec.fromObject(spec), { docker: true }) });

    const template = Template.fromStack(stack);
    expect(buildSpecOfProject(templateOf(stack), 'project-build-dev')).toEqual(spec);
    template.hasResourceProperties('AWS::CodeBuild::Project', { Environment: { PrivilegedMode: true }, Cache: Match.objectLike({ Type: 'NO_CACHE' }) });
  });

  test('can be a file of the source, with a cache', () => {
    const stack = newStack();

    new CachedBuildProject(stack, 'Build', {
      environmentSuffix: 'dev', steps: BuildSteps.buildSpec(codebuild.BuildSpec.fromSourceFilename('ci/buildspec.yml'), { cached: true }),
    });

    Template.fromStack(stack).hasResourceProperties('AWS::CodeBuild::Project', { Source: { BuildSpec: 'ci/buildspec.yml' }, Cache: Match.objectLike({ Type: 'S3' }) });
  });
});

describe('the release of an image that another build pushed, run under bash', () => {
  const release = () => specOf(BuildSteps.release({ releaseFiles: { 'taskdef-live.json': '{"family":"a"}' } }));

  test('holds the image by digest and the files', () => {
    const result = run(release(), { environment: { IMAGE_URI: `images@${DIGEST}` } });

    expect(result.status).toBe(0);
    expect(JSON.parse(result.read('.bluegreen-release/imageDetail.json'))).toEqual({ ImageURI: `images@${DIGEST}` });
    expect(result.read('.bluegreen-release/taskdef-live.json')).toBe('{"family":"a"}\n');
  });

  test.each(['', 'images:latest', 'images@sha256:abc', `a b@${DIGEST}`, `"a@${DIGEST}`, `images@${DIGEST} x`])('does not exist for %j', (image) => {
    const result = run(release(), { environment: { IMAGE_URI: image } });

    expect(result.status).toBe(1);
    expect(result.output).toContain(`IMAGE_URI is "${image}" instead of <repository>@sha256:<digest>: the build must export it`);
    expect(result.exists('.bluegreen-release')).toBe(false);
  });

  test('gets the image through a variable of the action', () => {
    const stack = newStack();
    const source = new codepipeline.Artifact('Source');
    const pipeline = pipelineOfTheUser(stack, source);

    new CachedBuildProject(stack, 'Release', { environmentSuffix: 'dev', purpose: 'release', steps: BuildSteps.release({ releaseFiles: {} }) })
      .addToPipeline(pipeline, {
        stageName: 'Release',
        input: source,
        output: new codepipeline.Artifact('Out'),
        environmentVariables: {
          IMAGE_URI: { value: '#{Build.IMAGE_URI}' }, TOKEN: { value: 'token', type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER },
        },
      });

    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline'));
    expect(Properties.Stages.at(-1).Actions[0].Configuration.EnvironmentVariables).toBe(JSON.stringify([
      { name: 'IMAGE_URI', type: 'PLAINTEXT', value: '#{Build.IMAGE_URI}' },
      { name: 'TOKEN', type: 'SECRETS_MANAGER', value: 'token' },
    ]));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: 'policy-project-release-grants-dev',
      PolicyDocument: { Statement: [Match.objectLike({ Action: 'secretsmanager:GetSecretValue' })] },
    });
  });
});

describe('reports', () => {
  test('go to groups of the stack, which the role may write to and which are deleted with what is in them', () => {
    const stack = newStack();

    const project = new CachedBuildProject(stack, 'Test', {
      environmentSuffix: 'dev',
      purpose: 'test',
      steps: BuildSteps.commands(['npm test'], { reports: [BuildReport.cobertura(['coverage/cobertura.xml']), BuildReport.junit(['reports/**/*.xml', 'more.xml'])] }),
    });

    const template = Template.fromStack(stack);
    const [coverage, tests] = project.reportGroups.map((group) => stack.resolve(group.reportGroupArn)['Fn::GetAtt'][0] as string);
    expect(Object.entries(template.findResources('AWS::CodeBuild::ReportGroup'))).toEqual(expect.arrayContaining([
      [tests, {
        Type: 'AWS::CodeBuild::ReportGroup',
        DeletionPolicy: 'Delete',
        UpdateReplacePolicy: 'Delete',
        Properties: { Name: 'reports-test-dev', Type: 'TEST', DeleteReports: true, ExportConfig: { ExportConfigType: 'NO_EXPORT' } },
      }],
      [coverage, expect.objectContaining({ Properties: expect.objectContaining({ Name: 'coverage-test-dev', Type: 'CODE_COVERAGE', DeleteReports: true }) })],
    ]));
    expect(buildSpecOfProject(templateOf(stack), 'project-test-dev')).toHaveProperty('reports', {
      [`\${${coverage}.Arn}`]: { 'files': ['coverage/cobertura.xml'], 'file-format': 'COBERTURAXML' },
      [`\${${tests}.Arn}`]: { 'files': ['reports/**/*.xml', 'more.xml'], 'file-format': 'JUNITXML' },
    });
    expect(statementsOf(stack, 'role-project-test-dev-us-east-1')).toContainEqual(stack.resolve(allow(
      ['codebuild:BatchPutCodeCoverages', 'codebuild:BatchPutTestCases', 'codebuild:CreateReport', 'codebuild:UpdateReport'],
      project.reportGroups.map((group) => group.reportGroupArn),
    )));
  });

  test.each([
    ['cucumber', 'CUCUMBERJSON', 'TEST'], ['clover', 'CLOVERXML', 'CODE_COVERAGE'], ['jacoco', 'JACOCOXML', 'CODE_COVERAGE'],
  ] as const)('can be those of %s', (tool, format, type) => {
    const stack = newStack();
    new CachedBuildProject(stack, 'Test', { environmentSuffix: 'dev', steps: BuildSteps.commands(['make'], { reports: [BuildReport[tool](['a'])] }) });

    Template.fromStack(stack).hasResourceProperties('AWS::CodeBuild::ReportGroup', { Type: type });
    expect(JSON.stringify(buildSpecOfProject(templateOf(stack), 'project-build-dev'))).toContain(`"file-format":"${format}"`);
  });
});
