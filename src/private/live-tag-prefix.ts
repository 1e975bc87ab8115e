/** The beginning of the tags of images that an environment runs or ran; the digest follows. */
export function liveTagPrefix(environmentName: string): string {
  return `live-${environmentName}-`;
}
