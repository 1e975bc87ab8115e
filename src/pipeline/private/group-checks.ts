import { Construct } from 'constructs';
import { accessLogsBucket, expiration } from '../../artifacts/secure-artifact-bucket-checks';
import { BuildImage } from '../../codebuild/build-image';
import { SHARED_FIELDS } from '../../deployment/deployment-checks';
import { isArm64 } from '../../private/shared-checks';
import { struct } from '../../private/structs';
import { CDK, cdkTypeList, instanceOf } from '../../private/types';
import { all, Check, literal, wholeNumber } from '../../private/validation';
import { violation, Violations } from '../../private/violations';
import { DEFAULT_MAX_IMAGE_COUNT, MAX_IMAGE_COUNT_LIMITS } from '../defaults';
import { PlatformOptions } from '../platform-options';
import { StorageOptions } from '../storage-options';

/** The checks of `platform`: everything in it must fit one processor. */
export const platformChecks: Check = struct<PlatformOptions>({
  example: '{ cpuArchitecture: CpuArchitecture.ARM64 }',
  fields: {
    cpuArchitecture: SHARED_FIELDS.cpuArchitecture,
    buildImage: instanceOf(BuildImage, 'BuildImage.AMAZON_LINUX_2023'),
    bootstrapImage: SHARED_FIELDS.bootstrapImage,
  },
  combination: (platform, at) => processorViolation(platform, at('buildImage')),
});

function processorViolation({ buildImage, cpuArchitecture }: Partial<PlatformOptions>, prop: string): Violations {
  const isArm = isArm64(cpuArchitecture);
  return buildImage === undefined || isArm64(buildImage.cpuArchitecture) === isArm ? undefined : violation({
    code: 'BGP135',
    prop,
    rule: `must be built for ${isArm ? 'ARM64' : 'X86_64'}, the 'cpuArchitecture' of the tasks`,
    got: `an image for ${isArm ? 'X86_64' : 'ARM64'}`,
    remedy: "change 'buildImage' or 'cpuArchitecture'",
  });
}

/** The checks of `storage`. */
export function storageChecks(scope: Construct): Check {
  return struct<StorageOptions>({
    example: '{ accessLogsBucket: logs }',
    fields: {
      maxImageCount: all(
        literal({ remedy: `pass a literal value, for example ${DEFAULT_MAX_IMAGE_COUNT}` }),
        wholeNumber({ code: 'BGP164', ...MAX_IMAGE_COUNT_LIMITS, example: DEFAULT_MAX_IMAGE_COUNT }),
      ),
      artifactExpiration: expiration,
      artifactWriters: cdkTypeList(CDK.role),
      accessLogsBucket: accessLogsBucket(scope),
    },
  });
}
