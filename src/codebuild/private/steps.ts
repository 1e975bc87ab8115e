import { aws_codebuild as codebuild, aws_ecr as ecr, aws_secretsmanager as secretsmanager, Duration } from 'aws-cdk-lib';
import { Problem } from '../../private/errors';
import { BuildCache } from '../build-cache';
import { BuildReport } from '../build-report';

/** What a pipeline knows about the place of steps, and they need not say themselves. */
export interface Surroundings {
  readonly repository?: ecr.IRepository;
  readonly releaseFiles?: { [name: string]: string };
  readonly registryCredentials?: secretsmanager.ISecret;
  readonly port?: number;
  readonly path?: string;
  readonly environment?: { [name: string]: string };
  readonly command?: string[];
  /** Whether the steps make the image; else they try it out. */
  readonly makesImage?: boolean;
}

/** What a buildspec refers to, and the project makes for it. */
export interface Supplies {
  readonly platform: string;
  /** The ARN of the group of each report, in their order. */
  readonly reportGroupArns: string[];
  /** The name of the cache, if it is kept as an image. */
  readonly cacheImage?: string;
}

/** A variable of the build whose value Secrets Manager holds. */
export interface SecretVariable {
  readonly name: string;
  readonly secret: secretsmanager.ISecret;
  /** One value of a secret that is an object; else the whole. */
  readonly key?: string;
}

/** What a project needs to know about its steps. */
export interface Steps {
  readonly spec: (supplies: Supplies) => codebuild.BuildSpec;
  readonly privileged: boolean;
  /** Whether the buildspec names something to keep in S3. */
  readonly cached: boolean;
  readonly pushTo?: ecr.IRepository;
  readonly pullFrom?: ecr.IRepository;
  /** Values of the user's; as variables of the project they mean themselves, whatever is in them. */
  readonly variables: { [name: string]: string };
  readonly secretVariables: SecretVariable[];
  readonly reports: BuildReport[];
}

/** One kind of steps. */
export interface StepsKind {
  readonly name: 'image' | 'probe' | 'commands' | 'buildSpec' | 'release';
  /** The repository that the steps name themselves. */
  readonly repository?: ecr.IRepository;
  /** The buildspec, if it is the user's. */
  readonly ownSpec?: codebuild.BuildSpec;
  /** What the user wrote into the project, by the path to it. */
  readonly texts: { [prop: string]: string };
  /** The names of the variables that the buildspec sets; one of the project with the same name would count more. */
  readonly specVariables: readonly string[];
  /** How long the steps wait for something. */
  readonly wait?: Duration;
  /** The image of BuildKit. */
  readonly buildkitImage?: string;
  /** Where the layers are kept. */
  readonly layerCache?: BuildCache;
  /** What is missing; nothing else is bound. */
  readonly problems: (surroundings: Surroundings) => Problem[];
  readonly bind: (surroundings: Surroundings) => Steps;
}

/** The variables with the login to another registry. */
export function loginVariables(secret: secretsmanager.ISecret | undefined): SecretVariable[] {
  return secret === undefined ? [] : [
    { name: 'REGISTRY_SERVER', secret, key: 'registry' },
    { name: 'REGISTRY_USERNAME', secret, key: 'username' },
    { name: 'REGISTRY_PASSWORD', secret, key: 'password' },
  ];
}

/** The section of a buildspec that names the files of reports. */
export function reportsSection(reports: BuildReport[], groupArns: string[]): object {
  return reports.length === 0 ? {} : {
    reports: Object.fromEntries(reports.map((report, index) => [groupArns[index], report._section()])),
  };
}
