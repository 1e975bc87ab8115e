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
  test('commands find the image in IMAGE_URI, and the first failing command ends the build', () => {
    const repository = ecr.Repository.fromRepositoryName(newStack(), 'Images', 'images');
    const spec = specOf(BuildSteps.commands(['echo "testing $IMAGE_URI"', 'false', 'echo never'], { repository }));

    const result = run(spec, { environment: { IMAGE_REPOSITORY: 'r', IMAGE_DIGEST: DIGEST } });

    expect(result.status).toBe(1);
    expect(result.output).toContain(`testing r@${DIGEST}`);
    expect(result.output).not.toContain('never');
  });

  test.each(['false | cat', 'for round in 1 2; do false; true; done', 'false\ntrue', 'LIST="$(false)"'])('a failure inside the command %j ends the build', (command) => {
    expect(run(specOf(BuildSteps.commands([command]))).status).not.toBe(0);
    expect(run(specOf(BuildSteps.commands([command.replaceAll('false', 'true')]))).status).toBe(0);
  });

  test('commands pass the working directory and variables to the next command', () => {
    expect(run(specOf(BuildSteps.commands(['mkdir deep', 'cd deep', 'export NAME=ünï', 'echo "$NAME in ${PWD##*/}"']))).output).toContain('ünï in deep');
  });

  test('commands have Docker without an image build if they need it', () => {
    const spec = specOf(BuildSteps.commands(['docker version'], { docker: true }));

    expect(run(spec).calls).toEqual(expect.arrayContaining(['docker info', 'docker version']));
    expect(spec.phases).not.toHaveProperty('pre_build');
  });
});

describe("the user's own buildspec", () => {
  test("the user's own buildspec is used unchanged", () => {
    const stack = newStack();
    const spec = { version: '0.2', phases: { build: { commands: ['make'] } } };

    new CachedBuildProject(stack, 'Build', { environmentSuffix: 'dev', steps: BuildSteps.buildSpec(codebuild.BuildSpec.fromObject(spec), { docker: true }) });

    const template = Template.fromStack(stack);
    expect(buildSpecOfProject(templateOf(stack), 'project-build-dev')).toEqual(spec);
    template.hasResourceProperties('AWS::CodeBuild::Project', { Environment: { PrivilegedMode: true }, Cache: Match.objectLike({ Type: 'NO_CACHE' }) });
  });

  test("the user's own buildspec can be a file in the source, with a cache", () => {
    const stack = newStack();

    new CachedBuildProject(stack, 'Build', {
      environmentSuffix: 'dev', steps: BuildSteps.buildSpec(codebuild.BuildSpec.fromSourceFilename('ci/buildspec.yml'), { cached: true }),
    });

    Template.fromStack(stack).hasResourceProperties('AWS::CodeBuild::Project', { Source: { BuildSpec: 'ci/buildspec.yml' }, Cache: Match.objectLike({ Type: 'S3' }) });
  });
});

describe('steps for an image that another build pushed', () => {
  const repository = ecr.Repository.fromRepositoryName(newStack(), 'Images', 'images');
  const release = () => BuildSteps.release({ repository, releaseSettings: { live: '{}' } });
  const makes: [string, () => BuildSteps][] = [
    ['a release', release],
    ['a probe', () => BuildSteps.probe({ repository, port: 8080, path: '/' })],
    ['commands', () => BuildSteps.commands(['true'], { repository })],
  ];

  test.each(makes)('%s reads only the digest', (_, steps) => {
    const forged = ['', 'latest', 'sha256:abc', `images@${DIGEST}`, `docker.io/evil/x@${DIGEST}`, `${DIGEST}x`, `${DIGEST}\n`, ` ${DIGEST}`,
      DIGEST.toUpperCase(), `${DIGEST}","type":"PLAINTEXT"},{"name":"BASH_ENV","value":"/tmp/x`];
    for (const digest of forged) {
      const result = run(specOf(steps()), { environment: { IMAGE_DIGEST: digest, IMAGE_REPOSITORY: 'images' } });

      expect([digest, result.status]).toEqual([digest, 1]);
      expect(result.output).toContain(`IMAGE_DIGEST is "${digest}" instead of sha256:<digest>: the build must export it`);
      expect(result.exists('.bluegreen-release')).toBe(false);
    }
  });

  test('the commands of a release contain no user input', () => {
    const text = JSON.stringify(specOf(BuildSteps.release({ repository, releaseSettings: { live: '{"hooks":{"AfterInstall":"$(touch /tmp/x)"}}' } })));

    expect(text).not.toContain('touch');
  });

  const stageOf = (steps: () => BuildSteps, options: object, pipelineType = codepipeline.PipelineType.V2) => {
    const stack = newStack();
    const source = new codepipeline.Artifact('Source');
    const pipeline = pipelineOfTheUser(stack, source, { pipelineType });
    new CachedBuildProject(stack, 'Release', { environmentSuffix: 'dev', purpose: 'release', steps: steps() })
      .addToPipeline(pipeline, { stageName: 'Rel.ease', input: source, ...options });
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline'));
    return Properties.Stages.at(-1);
  };
  const imageDigest = '#{Build.IMAGE_DIGEST}';

  test.each(makes)('the stage of %s is entered only with a digest', (_, steps) => {
    const { BeforeEntry, Actions: [action] } = stageOf(steps, {
      imageDigest, environmentVariables: { TOKEN: { value: 'token', type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER } },
    });

    expect(action.Configuration.EnvironmentVariables).toBe(JSON.stringify([
      { name: 'IMAGE_DIGEST', type: 'PLAINTEXT', value: imageDigest },
      { name: 'TOKEN', type: 'SECRETS_MANAGER', value: 'token' },
    ]));
    expect(BeforeEntry).toEqual({
      Conditions: [{
        Result: 'FAIL',
        Rules: [{
          Name: 'Rel-ease-ImageDigest',
          RuleTypeId: { Category: 'Rule', Owner: 'AWS', Provider: 'VariableCheck', Version: '1' },
          Configuration: { Variable: imageDigest, Operator: 'MATCHES', Value: expect.any(String) },
        }],
      }],
    });
    // These constructs mean the same in the regular expressions of Java and of JavaScript.
    const pattern = new RegExp(BeforeEntry.Conditions[0].Rules[0].Configuration.Value);
    expect(pattern.test(DIGEST)).toBe(true);
    expect([`${DIGEST}\n`, `${DIGEST}"`, ` ${DIGEST}`, `x\n${DIGEST}`, `${DIGEST}0`, DIGEST.slice(0, -1), ''].filter((value) => pattern.test(value))).toEqual([]);
  });

  test.each(makes)('%s needs the digest, and a pipeline that supports conditions', (_, steps) => {
    expect(() => stageOf(steps, {})).toThrow("'imageDigest' is required; for example \"#{Build.IMAGE_DIGEST}\" [BGP001]");
    expect(() => stageOf(steps, { imageDigest: `${imageDigest}x` })).toThrow('[BGP196]');
    expect(() => stageOf(steps, { imageDigest }, codepipeline.PipelineType.V1))
      .toThrow("'pipeline' must be of type V2 for 'imageDigest': only V2 pipelines support stage conditions, got \"V1\"; pass 'pipelineType: codepipeline.PipelineType.V2' to the pipeline [BGP198]");
  });

  test("only a release and the user's own buildspec write an artifact", () => {
    const output = new codepipeline.Artifact('Out');

    expect(stageOf(release, { imageDigest, output }).Actions[0].OutputArtifacts).toEqual([{ Name: 'Out' }]);
    expect(stageOf(() => BuildSteps.buildSpec(codebuild.BuildSpec.fromSourceFilename('a')), { output }).Actions[0].OutputArtifacts).toEqual([{ Name: 'Out' }]);
    for (const steps of [() => BuildSteps.image({ repository }), makes[1][1], makes[2][1]]) {
      expect(() => stageOf(steps, { imageDigest, output })).toThrow("'output' must not be set: only BuildSteps.release and BuildSteps.buildSpec write an artifact; ");
    }
  });
});

describe('reports', () => {
  test('reports go to report groups of the stack, which the role may write to and which are deleted with their reports', () => {
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
  ] as const)('reports can be those of %s', (tool, format, type) => {
    const stack = newStack();
    new CachedBuildProject(stack, 'Test', { environmentSuffix: 'dev', steps: BuildSteps.commands(['make'], { reports: [BuildReport[tool](['a'])] }) });

    Template.fromStack(stack).hasResourceProperties('AWS::CodeBuild::ReportGroup', { Type: type });
    expect(JSON.stringify(buildSpecOfProject(templateOf(stack), 'project-build-dev'))).toContain(`"file-format":"${format}"`);
  });
});
