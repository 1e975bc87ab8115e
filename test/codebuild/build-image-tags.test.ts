import { BuildImage } from '../../src';
import { TAGS_READ_ON } from '../../src/codebuild/private/image';

const DAY = 24 * 60 * 60 * 1000;

/** How many days ago the tags were read. */
const age = (now: Date): number => (now.getTime() - new Date(TAGS_READ_ON).getTime()) / DAY;

/** Fails a year after the tags were read, so that somebody reads them again: see the link beside `TAGS_READ_ON`. */
test('the tags of the build images were compared with the newest ones within a year, and not in the future', () => {
  expect(TAGS_READ_ON).toMatch(/^20\d\d-(0[1-9]|1[0-2])-([0-2]\d|3[01])$/);
  expect(age(new Date())).toBeGreaterThanOrEqual(0);
  expect(age(new Date())).toBeLessThan(366);
});

/** Read in https://github.com/aws/aws-codebuild-docker-images at 1590e48787084015430500926ea922130dbe9367, of April 2026. */
test.each([
  ['x86-64', BuildImage.AMAZON_LINUX_2023, 'public.ecr.aws/codebuild/amazonlinux-x86_64-standard:6.0'],
  ['ARM64', BuildImage.AMAZON_LINUX_2023_ARM64, 'public.ecr.aws/codebuild/amazonlinux-aarch64-standard:4.0'],
])('a build on %s runs in the newest image of AWS', (_, image, name) => {
  expect(image._bind().buildImage().imageId).toBe(name);
});
