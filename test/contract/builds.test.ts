import { allPrograms, pipelinePrograms } from '../helpers/programs';
import { all, buildSpecOf, filesWrittenBy, releasedTaskDefinitions, rendered } from '../helpers/templates';

/** A registry of ECR, public or of an account. */
const ON_ECR = /^(public\.ecr\.aws|\S+\.dkr\.ecr\.\S+)\/\S+[:@]\S+$/;

describe.each(allPrograms())('$name', ({ template }) => {
  const projects = all(template, 'AWS::CodeBuild::Project').map(([, project]) => project);

  test('promise 25: a build is privileged where it uses Docker, and only there', () => {
    for (const project of projects) {
      const commands = Object.values(buildSpecOf(project).phases).flatMap((phase) => phase.commands);
      const usesDocker = commands.some((command) => /\bdockerd?\b/.test(command));

      expect([project.Name, project.Environment.PrivilegedMode]).toEqual([project.Name, usesDocker]);
    }
  });

  test('promise 25: every build runs in an image from ECR that the role of the build pulls', () => {
    for (const project of projects) {
      expect(rendered(project.Environment.Image)).toMatch(ON_ECR);
      expect(rendered(project.Environment.Image)).not.toMatch(/:latest$/);
      expect(project.Environment.ImagePullCredentialsType).toBe('SERVICE_ROLE');
      expect(project.Environment).not.toHaveProperty('RegistryCredential');
    }
  });

  test('promise 25: every build stops within an hour, and does not wait for a machine for ever', () => {
    for (const project of projects) {
      expect(project.TimeoutInMinutes).toBe(30);
      expect(project.QueuedTimeoutInMinutes).toBe(30);
    }
  });

  test('promise 25: every build runs on the smallest machine and is not public', () => {
    for (const project of projects) {
      expect(project.Environment.ComputeType).toBe('BUILD_GENERAL1_SMALL');
      expect(project.Environment.Type).toBe('LINUX_CONTAINER');
      expect(project.Visibility ?? 'PRIVATE').toBe('PRIVATE');
      expect(project).not.toHaveProperty('BadgeEnabled');
    }
  });

  test('promise 25: a cache is in S3 and has something to keep, or there is none', () => {
    for (const project of projects) {
      const paths = buildSpecOf(project).cache?.paths ?? [];

      expect(project.Cache.Type).toBe(paths.length > 0 ? 'S3' : 'NO_CACHE');
    }
  });
});

describe.each(pipelinePrograms())('$name', ({ template, environmentNames }) => {
  test('promise 25: the standard image is the newest curated one, and BuildKit comes from ECR, too', () => {
    for (const [, project] of all(template, 'AWS::CodeBuild::Project')) {
      const image = rendered(project.Environment.Image);
      const buildkit = buildSpecOf(project).env?.variables?.BUILDKIT_IMAGE;

      expect(image.startsWith('public.ecr.aws') ? image : 'theirs')
        .toBe(image.startsWith('public.ecr.aws') ? 'public.ecr.aws/codebuild/amazonlinux-x86_64-standard:5.0' : 'theirs');
      expect(buildkit ?? 'public.ecr.aws/none:1').toMatch(ON_ECR);
    }
  });

  test('promise 26: every repository scans on push, never moves a tag, keeps 100 images and is emptied', () => {
    for (const [, repository] of all(template, 'AWS::ECR::Repository')) {
      expect(repository.ImageScanningConfiguration).toEqual({ ScanOnPush: true });
      expect(repository.ImageTagMutability).toBe('IMMUTABLE');
      expect(repository.EmptyOnDelete).toBe(true);
      expect(JSON.parse(repository.LifecyclePolicy.LifecyclePolicyText as string)).toEqual({
        rules: [expect.objectContaining({
          action: { type: 'expire' },
          selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 100 },
        })],
      });
    }
  });

  test('promise 26: a release holds one task definition and one appspec for each environment, and the image by digest', () => {
    const specs = all(template, 'AWS::CodeBuild::Project').map(([, project]) => buildSpecOf(project));
    const releasing = specs.filter((spec) => Object.keys(filesWrittenBy(spec)).length > 0);
    const written = releasing.flatMap((spec) => Object.keys(filesWrittenBy(spec)));
    const commands = releasing.flatMap((spec) => spec.phases.build.commands);

    expect(releasing).toHaveLength(1);
    expect(written.sort()).toEqual(environmentNames.flatMap((name) => [`appspec-${name}.yaml`, `taskdef-${name}.json`]).sort());
    expect(commands).toContain('export IMAGE_URI="$IMAGE_REPOSITORY@$IMAGE_DIGEST"');
    expect(commands).toContain("printf '{\"ImageURI\":\"%s\"}' \"$IMAGE_URI\" > .bluegreen-release/imageDetail.json");
  });

  test('promise 26: what is released runs the image that the build made, and no other', () => {
    for (const file of Object.values(releasedTaskDefinitions(template))) {
      expect(file.containerDefinitions.map(({ name, image }) => [name, image])).toEqual([['app', '<IMAGE1_NAME>']]);
    }
  });

  test('promise 26: what runs before the first release comes from ECR', () => {
    for (const [, definition] of all(template, 'AWS::ECS::TaskDefinition')) {
      expect(rendered(definition.ContainerDefinitions[0].Image)).toMatch(ON_ECR);
    }
  });
});
