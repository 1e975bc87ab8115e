import { allPrograms, pipelinePrograms } from '../../helpers/programs';
import { all, buildSpecOf, filesWrittenBy, releasedTaskDefinitions, rendered } from '../../helpers/templates';

/** An image in ECR, public or of an account, with a tag or a digest. */
const IN_ECR = /^(public\.ecr\.aws|\S+\.dkr\.ecr\.\S+)\/\S+[:@](?!latest$)\S+$/;

describe.each(allPrograms())('$name', ({ template }) => {
  const projects = all(template, 'AWS::CodeBuild::Project').map(([, project]) => project);

  test('a build is privileged only if it uses Docker', () => {
    for (const project of projects) {
      const commands = Object.values(buildSpecOf(project).phases).flatMap((phase) => phase.commands);
      const usesDocker = commands.some((command) => /\bdockerd?\b/.test(command));

      expect([project.Name, project.Environment.PrivilegedMode]).toEqual([project.Name, usesDocker]);
    }
  });

  test('builds run on x86-64 in images from ECR, and so do BuildKit and the first tasks', () => {
    const definitions = all(template, 'AWS::ECS::TaskDefinition').map(([, definition]) => definition);
    const images = [
      ...projects.map(({ Environment }) => rendered(Environment.Image)),
      ...projects.flatMap((project) => buildSpecOf(project).env?.variables?.BUILDKIT_IMAGE ?? []),
      ...definitions.map(({ ContainerDefinitions: [container] }) => rendered(container.Image)),
    ];

    expect(images.filter((image) => !IN_ECR.test(image))).toEqual([]);
    expect(new Set(projects.map(({ Environment }) => Environment.Type as string))).toEqual(new Set(['LINUX_CONTAINER']));
  });

  test('a build has a cache in S3 only if it has something to keep', () => {
    for (const project of projects) {
      const paths = buildSpecOf(project).cache?.paths ?? [];

      expect(project.Cache.Type).toBe(paths.length > 0 ? 'S3' : 'NO_CACHE');
    }
  });
});

describe.each(pipelinePrograms())('$name', ({ template, environmentNames }) => {
  test('one build releases a task definition and an appspec for each environment, and the image by digest', () => {
    const specs = all(template, 'AWS::CodeBuild::Project').map(([, project]) => buildSpecOf(project));
    const releasing = specs.filter((spec) => Object.keys(filesWrittenBy(spec)).length > 0);
    const expected = environmentNames.flatMap((name) => [`appspec-${name}.yaml`, `taskdef-${name}.json`]);

    expect(releasing.map((spec) => Object.keys(filesWrittenBy(spec)).sort())).toEqual([expected.sort()]);
    expect(releasing[0].phases.build.commands).toEqual(expect.arrayContaining([
      'export IMAGE_URI="$IMAGE_REPOSITORY@$IMAGE_DIGEST"',
      "printf '{\"ImageURI\":\"%s\"}' \"$IMAGE_URI\" > .bluegreen-release/imageDetail.json",
    ]));
  });

  test('a release runs the image that the build made, and no other', () => {
    for (const file of Object.values(releasedTaskDefinitions(template))) {
      expect(file.containerDefinitions.map(({ name, image }) => [name, image])).toEqual([['app', '<IMAGE1_NAME>']]);
    }
  });
});
