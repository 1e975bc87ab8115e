import { allPrograms, pipelinePrograms } from '../../helpers/programs';
import { SynthesisedTemplate } from '../../helpers/synthesis';
import { all, buildSpecOf, releaseSettingsIn, rendered } from '../../helpers/templates';

/** An image in ECR, public or of an account, with a tag or a digest. */
const IN_ECR = /^(public\.ecr\.aws|\S+\.dkr\.ecr\.\S+)\/\S+[:@](?!latest$)\S+$/;

const projects = (template: SynthesisedTemplate) => all(template, 'AWS::CodeBuild::Project').map(([, project]) => project);

describe.each(allPrograms())('$name', ({ template }) => {

  test('a build is privileged only if it uses Docker', () => {
    for (const project of projects(template)) {
      const commands = Object.values(buildSpecOf(project).phases).flatMap((phase) => phase.commands);
      const usesDocker = commands.some((command) => /\bdockerd?\b/.test(command));

      expect([project.Name, project.Environment.PrivilegedMode]).toEqual([project.Name, usesDocker]);
    }
  });

  test('builds run on x86-64 in images from ECR, and so do BuildKit and the first tasks', () => {
    const definitions = all(template, 'AWS::ECS::TaskDefinition').map(([, definition]) => definition);
    const images = [
      ...projects(template).map(({ Environment }) => rendered(Environment.Image)),
      ...projects(template).flatMap((project) => buildSpecOf(project).env?.variables?.BUILDKIT_IMAGE ?? []),
      ...definitions.map(({ ContainerDefinitions: [container] }) => rendered(container.Image)),
    ];

    expect(images.filter((image) => !IN_ECR.test(image))).toEqual([]);
    expect(new Set(projects(template).map(({ Environment }) => Environment.Type as string))).toEqual(new Set(['LINUX_CONTAINER']));
  });

  test('a build has a cache in S3 only if it has something to cache', () => {
    for (const project of projects(template)) {
      const paths = buildSpecOf(project).cache?.paths ?? [];

      expect(project.Cache.Type).toBe(paths.length > 0 ? 'S3' : 'NO_CACHE');
    }
  });
});

describe.each(pipelinePrograms())('$name', ({ template, environmentNames, suffix }) => {
  test('one project creates the release of every environment, and no other build writes an artifact', () => {
    const writing = projects(template).filter((project) => buildSpecOf(project).artifacts !== undefined);

    expect(writing.map(({ Name }) => Name as string)).toEqual([`project-release-${suffix}`]);
    expect(Object.keys(releaseSettingsIn(template))).toEqual(environmentNames);
    expect(buildSpecOf(writing[0]).phases.build.commands).toEqual(expect.arrayContaining([
      'export IMAGE_URI="$IMAGE_REPOSITORY@$IMAGE_DIGEST"',
      "printf '{\"ImageURI\":\"%s\"}' \"$IMAGE_URI\" > .bluegreen-release/imageDetail.json",
    ]));
  });
});
