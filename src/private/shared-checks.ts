import { aws_ecs as ecs, aws_logs as logs, Token } from 'aws-cdk-lib';
import { CdkType, cdkType } from './types';
import {
  all, Check, formatValue, isResolvedString, list, literal, matching, optional, required, text, wholeNumber, wrongType,
} from './validation';
import { violation } from './violations';

/** The suffix at the end of every name. */
export const environmentSuffix: Check = matching({
  code: 'BGP005',
  pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  rule: 'lower-case letters, digits and single hyphens, starting with a letter and not ending in a hyphen',
  example: 'dev',
});

/** The name of an environment, which becomes a stage name and a file name. */
export const environmentName: Check = all(
  literal({ remedy: 'pass a literal name, for example "staging"' }),
  matching({
    code: 'BGP006',
    pattern: /^[a-z][a-z0-9]*$/,
    rule: 'lower-case letters and digits, starting with a letter',
    example: 'staging',
  }),
);

/** A TCP port. */
export const port: Check = wholeNumber({ code: 'BGP017', min: 1, max: 65535, example: 8080 });

/** A path that an HTTP client may request unchanged; a client does not send the part after "#". */
export const httpPath: Check = matching({
  code: 'BGP018',
  pattern: /^\/[!"$-~]{0,1023}$/,
  rule: 'a path of at most 1024 printable ASCII characters, without "#", that starts with "/"',
  example: '/healthz',
});

/** Local part and domain as SNS accepts them: ASCII, dots only between other characters. */
const LOCAL_PART = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const TOP_LABEL = '[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])';
const EMAIL = new RegExp(`^${LOCAL_PART}(\\.${LOCAL_PART})*@(${LABEL}\\.)+${TOP_LABEL}$`);

const emailLength: Check = (prop, value) => (isResolvedString(value) && (value.length > 254 || value.indexOf('@') > 64)
  ? violation({
    code: 'BGP010',
    prop,
    rule: 'must be an e-mail address of at most 254 characters with at most 64 before the @',
    got: formatValue(value),
    remedy: 'for example "team@example.com"',
  })
  : undefined);

const email = all(emailLength, matching({
  code: 'BGP010', pattern: EMAIL, rule: 'an e-mail address', example: 'team@example.com',
}));

/** At least one e-mail address, each once; addresses may be tokens, the list itself may not. */
const emailList = list({
  example: '["team@example.com"]',
  nonEmpty: { code: 'BGP009', rule: 'a list of at least one e-mail address' },
  each: (prop, address, index, addresses) => all(email, () => (addresses.indexOf(address) < index
    ? violation({
      code: 'BGP011',
      prop,
      rule: 'must be a unique address',
      got: `${formatValue(address)} again`,
      remedy: 'remove the duplicate',
    })
    : undefined))(prop, address),
});

export const emails: Check = required('["team@example.com"]', emailList);
export const optionalEmails: Check = optional(emails);

/** A retention that CloudWatch Logs offers; to JavaScript callers the enum is a mere number. */
export const logRetention: Check = optional((prop: string, value: unknown) => {
  const example = 'RetentionDays.ONE_MONTH';
  if (typeof value !== 'number') {
    return wrongType({ prop, type: 'a logs.RetentionDays', value, example });
  }
  return Token.isUnresolved(value) || value in logs.RetentionDays ? undefined : violation({
    code: 'BGP051',
    prop,
    rule: 'must be a number of days that CloudWatch Logs supports',
    got: formatValue(value),
    remedy: `for example ${example}`,
  });
});

const CPU_ARCHITECTURE: CdkType = {
  type: 'an ecs.CpuArchitecture', member: '_cpuArchitecture', example: 'CpuArchitecture.ARM64', isValue: true,
};

/** One of the two processors that both Fargate and CodeBuild have. */
const offeredArchitecture: Check<ecs.CpuArchitecture> = (prop, value) => {
  const offered = [ecs.CpuArchitecture.X86_64, ecs.CpuArchitecture.ARM64]
    .map(({ _cpuArchitecture }) => _cpuArchitecture);
  return offered.includes(value._cpuArchitecture) ? undefined : violation({
    code: 'BGP012',
    prop,
    rule: 'must be CpuArchitecture.X86_64 or CpuArchitecture.ARM64',
    got: formatValue(value._cpuArchitecture),
    remedy: 'for example CpuArchitecture.ARM64',
  });
};

export const cpuArchitecture: Check = optional(cdkType(CPU_ARCHITECTURE), offeredArchitecture);

/** Returns true for ARM64; the default is x86-64. */
export function isArm64(architecture: ecs.CpuArchitecture | undefined): boolean {
  return architecture?._cpuArchitecture === ecs.CpuArchitecture.ARM64._cpuArchitecture;
}

/** The registry of images that are named without one. */
export const DEFAULT_REGISTRY = 'docker.io';

/** Labels of at most 63 characters, as in a host name. */
const HOST = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

const hostAndPort: Check<string> = (prop, registry) => (isResolvedString(registry) && !isRegistryHost(registry)
  ? violation({
    code: 'BGP084',
    prop,
    rule: 'must be the host name of a registry in lower case, optionally with a port from 1 to 65535, without '
      + '"https://" or a path',
    got: formatValue(registry),
    remedy: 'for example "ghcr.io"',
  })
  : undefined);

function isRegistryHost(registry: string): boolean {
  const [host, ...ports] = registry.split(':');
  return HOST.test(host) && host.length <= 253 && ports.length <= 1 && ports.every(isPortNumber);
}

function isPortNumber(value: string): boolean {
  return /^[1-9]\d*$/.test(value) && Number(value) <= 65535;
}

/** The host of a registry of images. */
export const registryHost: Check = optional(text('ghcr.io'), hostAndPort);
