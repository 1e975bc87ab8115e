import { aws_ecr as ecr, aws_ecs as ecs, aws_secretsmanager as secretsmanager, CfnParameter, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { BuildCache, BuildImage, BuildReport, BuildSteps, CachedBuildProject, ImageStepsOptions } from '../../src';
import { BUILDX, buildSpecOfProject, cleanUp, DIGEST, run } from '../helpers/code-build';
import { BUILD_UUID } from '../helpers/code-build-agent';
import { build, IMAGE_REPOSITORY, words } from '../helpers/image-build';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';

/** The template of a project that builds an image. */
function imageProject(props: ImageStepsOptions = {}, make: (stack: Stack) => ImageStepsOptions = () => ({})): SynthesisedTemplate {
  const stack = newStack();
  const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
  new CachedBuildProject(stack, 'Build', { environmentSuffix: 'dev', steps: BuildSteps.image({ repository, ...props, ...make(stack) }) });
  return templateOf(stack);
}

afterAll(cleanUp);

describe('the build of a pipeline, run under bash', () => {
  let template: SynthesisedTemplate;

  beforeAll(() => {
    const stack = newStack();
    pipelineIn(stack);
    template = templateOf(stack);
  });

  test('a build pushes one image under a tag of commit and build, and exports its digest', () => {
    const result = build(template);

    expect(result.output).toContain(`Pushed ${IMAGE_REPOSITORY}@${DIGEST} (0123456789ab-0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c)`);
    expect(result.status).toBe(0);
    expect(result.exported).toEqual({ IMAGE_DIGEST: DIGEST });
    expect(words(result)).toEqual(expect.arrayContaining(['--push', '--tag', `${IMAGE_REPOSITORY}:0123456789ab-${BUILD_UUID}`, '--platform', 'linux/amd64']));
  });

  test.each([
    ['a retry of the same commit', 'project-build-dev', '8'],
    ['another pipeline with the same repository, whose build has the same number', 'project-build-shop', '7'],
    ['a pipeline that was destroyed and deployed again, whose build numbers start again', 'project-build-dev', '1'],
  ])('a build gives another tag to %s', (_, project, CODEBUILD_BUILD_NUMBER) => {
    const result = build(template, {
      environment: { CODEBUILD_BUILD_ID: `${project}:8c1f6a52-93b7-4d0e-a1f4-6b7c8d9e0f12`, CODEBUILD_BUILD_NUMBER },
    });
    const [tag] = words(result).filter((word) => word.startsWith(`${IMAGE_REPOSITORY}:`)).map((word) => word.split(':')[1]);

    expect(tag).toBe('0123456789ab-8c1f6a52-93b7-4d0e-a1f4-6b7c8d9e0f12');
    // The characters that ECR accepts: https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
    expect(tag.length).toBeLessThanOrEqual(128);
  });

  test.each([
    ['', `release-${BUILD_UUID}`],
    ['feature/ünï "x" $(touch pwned)', `featurenxtou-${BUILD_UUID}`],
    ['-rf', `rf-${BUILD_UUID}`],
  ])('a build derives a valid tag from the source version %j', (version, tag) => {
    const result = build(template, { environment: { CODEBUILD_RESOLVED_SOURCE_VERSION: version } });

    expect(result.status).toBe(0);
    expect(words(result)).toContain(`${IMAGE_REPOSITORY}:${tag}`);
    expect(result.exists('pwned')).toBe(false);
  });

  test('a build exports the digest of the image, and no artifact', () => {
    const spec = buildSpecOfProject(template, 'project-build-dev');

    expect(build(template, { standIns: { docker: BUILDX } }).exported).toEqual({ IMAGE_DIGEST: DIGEST });
    expect(spec).not.toHaveProperty('artifacts');
  });

  test.each([
    ['the login fails', { aws: 'exit 1' }],
    ['the image cannot be built', { docker: 'if [ "$1 $2" = "buildx build" ]; then exit 1; fi' }],
    ['BuildKit reports no digest', { docker: BUILDX.replace('containerimage.digest', 'something.else') }],
  ])('a build exports no digest when %s', (_, standIns) => {
    const result = build(template, { standIns });

    expect(result.status).not.toBe(0);
    expect(result.exported.IMAGE_DIGEST).toBe('');
  });
});

describe('the parts of an image build', () => {
  test.each([
    ['my services/Ünicode $HOME/Dockerfile', 'my services'],
    ['-f', '--push'],
    ["it's/Dockerfile", 'github.com/acme/app'],
  ])('the paths %j and %j reach BuildKit unchanged, and as paths', (dockerfile, context) => {
    const result = build(imageProject({ dockerfile, context }));

    expect(words(result)[words(result).indexOf('--file') + 1]).toBe(`./${dockerfile}`);
    expect(words(result).at(-1)).toMatch(/^\/\S+\/context$/);
    expect(result.read('context')).toContain(`/src/${context}\n`);
  });

  test('build arguments, a target stage and secrets reach BuildKit, whatever characters they contain', () => {
    const odd = 'a "b" \'c\' $HOME `id` \\n\nsecond line, ü';
    const template = imageProject({ buildArgs: { ODD: odd, _empty: '' }, target: 'run-time.1' }, (stack) => ({
      buildSecrets: { 'npm.token-1': secretsmanager.Secret.fromSecretCompleteArn(stack, 'Npm', `${secretArn(stack)}-AbCdEf`) },
    }));

    const result = words(build(template, { environment: { BUILD_SECRET_1: 's3cret' } }));

    expect(result).toEqual(expect.arrayContaining([
      '--build-arg', `ODD=${odd}`, '_empty=', '--target', 'run-time.1', '--secret', 'id=npm.token-1,env=BUILD_SECRET_1',
    ]));
    expect(result.join(' ')).not.toContain('s3cret');
    Template.fromJSON(template).hasResourceProperties('AWS::CodeBuild::Project', {
      Environment: { EnvironmentVariables: Match.arrayWith([Match.objectLike({ Name: 'BUILD_SECRET_1', Type: 'SECRETS_MANAGER' })]) },
    });
    expect(JSON.stringify(template)).toMatch(/"Action":"secretsmanager:GetSecretValue","Effect":"Allow","Resource":[^\]]*:secret:npm-AbCdEf"\]/);
  });

  test('a build argument that is known only at deployment is not part of the buildspec, where it could break the quoting', () => {
    const template = imageProject({}, (stack) => ({ buildArgs: { MOTTO: new CfnParameter(stack, 'Motto').valueAsString } }));

    Template.fromJSON(template).hasResourceProperties('AWS::CodeBuild::Project', {
      Environment: { EnvironmentVariables: [{ Name: 'BUILD_ARG_MOTTO', Type: 'PLAINTEXT', Value: { Ref: 'Motto' } }] },
    });
    expect(JSON.stringify(buildSpecOfProject(template, 'project-build-dev'))).not.toContain('${Motto}');
  });

  test('pre-build commands know the tag, can set build arguments, and do not change the folder of the build', () => {
    const template = imageProject({
      buildArgs: { VERSION: 'unknown' },
      preBuildCommands: ['echo "for $IMAGE_REPOSITORY:$IMAGE_TAG"', 'export BUILD_ARG_VERSION="$(cat VERSION)"', 'mkdir deep', 'cd deep', 'set +e'],
    });

    const result = build(template, { files: { VERSION: '1.2 beta' } });

    expect(result.output).toContain(`for ${IMAGE_REPOSITORY}:0123456789ab-${BUILD_UUID}`);
    expect(words(result)).toContain('VERSION=1.2 beta');
    expect(result.exported).toEqual({ IMAGE_DIGEST: DIGEST });
  });

  test('post-build commands know the image by its digest', () => {
    const result = build(imageProject({ postBuildCommands: ['mkdir deep', 'cd deep', 'echo "scanning $IMAGE_URI"'] }));

    expect(result.output).toContain(`scanning ${IMAGE_REPOSITORY}@${DIGEST}`);
    expect(result.exported).toEqual({ IMAGE_DIGEST: DIGEST });
  });

  test('post-build commands do not run for an image that was not built', () => {
    const result = build(imageProject({ postBuildCommands: ['echo published'] }), { standIns: { docker: 'if [ "$1 $2" = "buildx build" ]; then exit 1; fi' } });

    expect(result.status).not.toBe(0);
    expect(result.output).not.toContain('published');
  });

  test('a failure inside a command ends the build, before and after the image build', () => {
    const before = build(imageProject({ preBuildCommands: ['false | cat'] }));
    const after = build(imageProject({ postBuildCommands: ['false | cat'] }));

    expect(before.status).not.toBe(0);
    expect(words(before)).toEqual([]);
    expect(after.status).not.toBe(0);
    expect(words(after)).not.toEqual([]);
  });

  test('reports of the commands go to the declared report groups', () => {
    const template = imageProject({ preBuildCommands: ['make test'], reports: [BuildReport.junit(['out/junit.xml'])] });

    expect(buildSpecOfProject(template, 'project-build-dev')).toMatchObject({
      reports: { [`\${${Object.keys(Template.fromJSON(template).findResources('AWS::CodeBuild::ReportGroup'))[0]}.Arn}`]: { 'files': ['out/junit.xml'], 'file-format': 'JUNITXML' } },
    });
  });

  test('BuildKit comes from the image that the user sets', () => {
    const { calls } = build(imageProject({ buildkitImage: `acme/buildkit@${DIGEST}`, cache: BuildCache.none() }));

    expect(calls).toContain('docker buildx create --name bluegreen --driver docker-container '
      + `--driver-opt image=acme/buildkit@${DIGEST}`);
    expect(calls.filter((call) => call.startsWith('docker pull'))).toEqual([`docker pull acme/buildkit@${DIGEST}`]);
    expect(calls.join('\n')).toContain('docker buildx build --push --builder bluegreen ');
  });

  test('a build without a cache uses the BuildKit inside Docker, and pulls no BuildKit image', () => {
    const { calls, status } = build(imageProject({ cache: BuildCache.none() }));

    expect(calls.join('\n')).not.toMatch(/docker pull|buildx create/);
    expect(calls.join('\n')).toContain('docker buildx build --push --builder default ');
    expect(status).toBe(0);
  });

  test.each<[string, ImageStepsOptions, { readonly [path: string]: string }, string]>([
    ['a context that is not there', { context: 'web' }, {}, '\'context\' "web" is not a folder of the source; the root of the source has a/ up/\n'],
    ['a context that is not in a folder', { context: 'a/web' }, { 'a/c/x': '' }, '\'context\' "a/web" is not a folder of the source; a/ has c/\n'],
    ['a context that is a file', { context: 'Dockerfile/.' }, {}, '\'context\' "Dockerfile/." is not a folder of the source; the root of the source has a/ up/\n'],
    ['a context in a folder of files', { context: 'a/web' }, {}, '\'context\' "a/web" is not a folder of the source; a/ has no folder\n'],
    ['a Dockerfile that is a folder', { dockerfile: 'web' }, { 'web/page': '' }, '\'dockerfile\' "web" is not a file of the source; web/ has page\n'],
    ['a Dockerfile that is not there', { dockerfile: 'a/b', preBuildCommands: ['rm a/b'] }, {}, '\'dockerfile\' "a/b" is not a file of the source; a/ has no file\n'],
    ['a Dockerfile in a folder that is not there', { dockerfile: 'x/y/Dockerfile' }, {},
      '\'dockerfile\' "x/y/Dockerfile" is not a file of the source; the root of the source has Dockerfile a/ up/\n'],
    ['a Dockerfile in a folder with many files', { dockerfile: 'many/Dockerfile' }, Object.fromEntries([...'kjihgfedcba'].map((name) => [`many/${name}`, ''])),
      '\'dockerfile\' "many/Dockerfile" is not a file of the source; many/ has a b c d e f g h i j and 1 more\n'],
    ['a Dockerfile in a folder with odd file names', { dockerfile: 'odd/Dockerfile' }, { 'odd/\u001b[2J\n::error::': '', 'odd/-n "$(id)" `id`\u0085': '', 'odd/Ünïcode': '' },
      '\'dockerfile\' "odd/Dockerfile" is not a file of the source; odd/ has \$\'\\E[2J\\n::error::\' '],
    ['a Dockerfile in a folder that links out of the source', { dockerfile: 'up/away/Dockerfile', preBuildCommands: ['ln -s / up/away'] }, {},
      '\'dockerfile\' "up/away/Dockerfile" is not a file of the source; the root of the source has Dockerfile a/ up/\n'],
    ['a context that a command replaced with a link to the parent folder', { context: 'up', preBuildCommands: ['rm -r up; ln -s .. up'] }, {},
      '\'context\' "up" leaves the source: it resolves to '],
    ['a context that links to a sibling of the source with the same prefix', { context: 'up', preBuildCommands: ['rm -r up; mkdir ../src2; ln -s ../src2 up'] }, {},
      '\'context\' "up" leaves the source: it resolves to '],
    ['a Dockerfile that a command replaced with a link out of the source', { preBuildCommands: ['ln -sf /etc/passwd Dockerfile'] }, {},
      '\'dockerfile\' "Dockerfile" leaves the source: it resolves to /etc/passwd; replace the link with a file; '],
  ])('%s ends the build before the image is built', (_, options, files, message) => {
    const result = run(buildSpecOfProject(imageProject(options), 'project-build-dev'), {
      environment: { IMAGE_REPOSITORY }, standIns: { docker: BUILDX }, files: { 'Dockerfile': '', 'up/x': '', 'a/b': '', ...files },
    });

    expect(result.output).toContain(message);
    expect(result.phases).toMatchObject({ pre_build: 'SUCCEEDED', build: 'FAILED' });
    expect(words(result)).toEqual([]);
  });

  test('an image that is built on ARM64 is built for ARM64', () => {
    const stack = newStack();
    const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
    const tools = BuildImage.fromEcrRepository(repository, 'tools', { cpuArchitecture: ecs.CpuArchitecture.ARM64 });
    new CachedBuildProject(stack, 'Build', { environmentSuffix: 'dev', buildImage: tools, steps: BuildSteps.image({ repository }) });
    const template = templateOf(stack);

    expect(words(build(template))).toEqual(expect.arrayContaining(['--platform', 'linux/arm64']));
    Template.fromJSON(template).hasResourceProperties('AWS::CodeBuild::Project', {
      Environment: { Type: 'ARM_CONTAINER', ComputeType: 'BUILD_GENERAL1_SMALL', ImagePullCredentialsType: 'SERVICE_ROLE' },
    });
  });
});

function secretArn(stack: Stack): string {
  return stack.formatArn({ service: 'secretsmanager', resource: 'secret:npm' });
}
