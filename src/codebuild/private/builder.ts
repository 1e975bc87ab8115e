import { strict } from './shell';
import { BUILDKIT_ON_MIRROR, DEFAULT_BUILDKIT_IMAGE } from '../defaults';

/** The builder of the layers: what it adds to the build of an image. */
export interface Builder {
  /** Commands that start it, after the logins. */
  readonly start: readonly string[];
  readonly name: string;
  /** Variables of the buildspec. */
  readonly variables: { readonly [name: string]: string };
}

/** The BuildKit inside Docker: it runs no other image, and exports no cache. */
export const DOCKER_BUILDER: Builder = { start: [], name: 'default', variables: {} };

const NAME = 'bluegreen';

const CREATE
  = `docker buildx create --name ${NAME} --driver docker-container --driver-opt "image=$BUILDKIT_IMAGE"`;

/**
 * BuildKit in a privileged container. The default image is pinned by digest, so it may come from any registry: the
 * second registry serves it if the first one has deleted it, or is not available.
 */
export function containerBuilder(image: string = DEFAULT_BUILDKIT_IMAGE): Builder {
  const mirrors: Builder['variables'] = image === DEFAULT_BUILDKIT_IMAGE
    ? { BUILDKIT_MIRROR: BUILDKIT_ON_MIRROR }
    : {};
  return {
    start: [pullFirst(['BUILDKIT_IMAGE', ...Object.keys(mirrors)]), CREATE],
    name: NAME,
    variables: { BUILDKIT_IMAGE: image, ...mirrors },
  };
}

/** Pulls one of several equal images into the first variable, in up to four rounds within 65 seconds. */
function pullFirst(variables: readonly string[]): string {
  const images = variables.map((variable) => `"$${variable}"`).join(' ');
  return strict([
    'for WAIT in 5 15 45 0; do',
    `for IMAGE in ${images}; do if docker pull "$IMAGE"; then ${variables[0]}="$IMAGE"; break 2; fi; done;`,
    'if [ "$WAIT" = 0 ]; then exit 1; fi; sleep "$WAIT";',
    'done',
  ].join(' '));
}
