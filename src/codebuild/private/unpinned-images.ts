import { Image } from './image';
import { Steps } from './steps';
import { formatValue, isResolvedString } from '../../private/validation';
import { violation, Violation } from '../../private/violations';

/**
 * Images whose tag may name another image tomorrow. A digest names one image, whatever tag stands
 * before it.
 */
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
    rule: 'should not be "latest", which is another image from one day to the next',
    got: formatValue(image),
    remedy: 'name a version or a digest',
  });
}
