import { BuildImage } from '../../src';
import { BUILDKIT_READ_ON, DEFAULT_BUILDKIT_IMAGE } from '../../src/codebuild/defaults';
import { TAGS_READ_ON } from '../../src/codebuild/private/image';

const DAY = 24 * 60 * 60 * 1000;

/** Fails a year after the names were read, so that a person checks them again: see the links next to the constants. */
test.each([
  ['tags of the build images were', TAGS_READ_ON],
  ['digest of BuildKit was', BUILDKIT_READ_ON],
])('the %s compared with the newest release within a year, and not in the future', (_, date) => {
  expect(date).toMatch(/^20\d\d-(0[1-9]|1[0-2])-([0-2]\d|3[01])$/);
  const age = (Date.now() - new Date(date).getTime()) / DAY;
  expect(age).toBeGreaterThanOrEqual(0);
  expect(age).toBeLessThan(366);
});

test('the default BuildKit image is referenced by its digest only', () => {
  expect(DEFAULT_BUILDKIT_IMAGE).toMatch(/^public\.ecr\.aws\/vend\/moby\/buildkit@sha256:[0-9a-f]{64}$/);
});

/** Read in https://github.com/aws/aws-codebuild-docker-images at 1590e48787084015430500926ea922130dbe9367, of April 2026. */
test.each([
  ['x86-64', BuildImage.AMAZON_LINUX_2023, 'public.ecr.aws/codebuild/amazonlinux-x86_64-standard:6.0'],
  ['ARM64', BuildImage.AMAZON_LINUX_2023_ARM64, 'public.ecr.aws/codebuild/amazonlinux-aarch64-standard:4.0'],
])('a build on %s runs in the newest AWS image', (_, image, name) => {
  expect(image._bind().buildImage().imageId).toBe(name);
});
