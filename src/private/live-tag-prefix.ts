/** The beginning of the tags of images that an environment runs or ran; the digest follows. */
export function liveTagPrefix(environmentName: string): string {
  return `live-${environmentName}-`;
}

/** More images than a repository can hold, so a lifecycle rule with this count deletes none. */
export const UNREACHABLE_IMAGE_COUNT = 1_000_000;
