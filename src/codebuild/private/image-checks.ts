import { textLengthViolation } from './build-spec-length';
import { variableText } from './build-text';
import { optionalCommands, pathInSource, reportList } from './steps-checks';
import { struct } from '../../private/structs';
import { CDK, cdkType, instanceOf, isCdkType } from '../../private/types';
import { Check, keyMatching, map, matching, optional, wrongType } from '../../private/validation';
import { BuildCache } from '../build-cache';
import { ImageStepsOptions } from '../build-steps-options';
import { DEFAULT_BUILD_CONTEXT, DEFAULT_BUILDKIT_IMAGE, DEFAULT_DOCKERFILE } from '../defaults';
import { registryLogin } from '../registry-login-checks';

/**
 * A stage name that BuildKit accepts after `AS` (`parseBuildStageName`), in any case. It finds no stage by its
 * position (`findStateByName`).
 */
const DOCKERFILE_STAGE = /^[A-Za-z][\w.-]*$/;

const COMPONENT = /[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*/.source;

/**
 * Host, path, tag and digest of an image (https://pkg.go.dev/github.com/distribution/reference).
 */
const IMAGE = new RegExp([
  /^([A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?\/)?/.source,
  `${COMPONENT}(/${COMPONENT})*`,
  /(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/.source,
].join(''));

const SECRETS = `{ "npm-token": ${CDK.secret.example} }`;

const secret: Check = (prop, value) => (isCdkType(CDK.secret, value)
  ? undefined
  : wrongType({ ...CDK.secret, prop, value }));

/** Checks the options of `BuildSteps.image`. */
export const imageViolations = struct<ImageStepsOptions>({
  example: '{ dockerfile: "web/Dockerfile" }',
  fields: {
    repository: cdkType(CDK.repository),
    dockerfile: pathInSource(DEFAULT_DOCKERFILE),
    context: pathInSource(DEFAULT_BUILD_CONTEXT),
    target: optional(matching({
      code: 'BGP039',
      pattern: DOCKERFILE_STAGE,
      rule: 'a stage name of letters, digits, dots, hyphens and underscores, starting with a letter',
      example: 'runtime',
    })),
    buildArgs: map({
      example: '{ NODE_VERSION: "22" }',
      key: keyMatching({
        code: 'BGP031',
        pattern: /^[A-Za-z_]\w*$/,
        rule: 'letters, digits and underscores, not starting with a digit',
        example: 'NODE_VERSION',
      }),
      entry: variableText('22'),
    }),
    buildSecrets: map({
      example: SECRETS,
      key: keyMatching({
        code: 'BGP032',
        pattern: /^\w[\w.-]*$/,
        rule: 'letters, digits, dots, hyphens and underscores, not starting with a dot or hyphen',
        example: 'npm-token',
      }),
      entry: secret,
    }),
    preBuildCommands: optionalCommands,
    postBuildCommands: optionalCommands,
    reports: reportList,
    cache: instanceOf(BuildCache, 'BuildCache.registry()'),
    registryCredentials: registryLogin,
    buildkitImage: optional(matching({
      code: 'BGP060',
      pattern: IMAGE,
      rule: 'an image name with a tag or digest',
      example: DEFAULT_BUILDKIT_IMAGE,
    })),
  },
  combination: ({ preBuildCommands, postBuildCommands }) => textLengthViolation(preBuildCommands, postBuildCommands),
});
