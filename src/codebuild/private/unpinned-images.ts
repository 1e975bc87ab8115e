import { Image } from './image';
import { Steps } from './steps';
import { formatValue, isResolvedString } from '../../private/validation';
import { violation, Violation } from '../../private/violations';
import { DEFAULT_BUILDKIT_IMAGE } from '../defaults';

/** Returns a warning for each image with a mutable tag. A digest names one image, whatever tag precedes it. */
export function unpinnedImageWarnings(image: Image, { buildkitImage }: Steps): Violation[] {
  return [
    ...(image.tagOrDigest === 'latest' ? [latestWarning('buildImage', image.tagOrDigest)] : []),
    ...(isLatest(buildkitImage) ? [latestWarning('buildkitImage', buildkitImage)] : []),
  ];
}

function isLatest(image: string | undefined): image is string {
  return isResolvedString(image) && /^([^/@]*\/)?[^:@]*(:latest)?$/.test(image);
}

function latestWarning(prop: string, image: string): Violation {
  return violation({
    code: 'BGP075',
    prop,
    rule: 'should not use the mutable tag "latest": builds can use a different image from one day to the next',
    got: formatValue(image),
    remedy: 'pin a version or a digest',
  });
}

/**
 * The default image of BuildKit, which neither AWS nor the BuildKit project publishes. A digest pins what is
 * in it, not that it can be pulled.
 */
export function defaultBuilderWarnings({ buildkitImage }: Steps): Violation[] {
  return buildkitImage !== DEFAULT_BUILDKIT_IMAGE ? [] : [violation({
    code: 'BGP176',
    prop: 'buildkitImage',
    rule: 'should be an image in your own repository: the default is a copy that a third party hosts and that runs '
      + 'privileged in every build, and every build fails once the copy is deleted',
    remedy: 'copy the image and pass its digest, use BuildCache.none(), or acknowledge the warning',
  })];
}
