import { Construct } from 'constructs';
import { Check, list, optional, required, wrongType } from './validation';

/**
 * A class of this library; `name` and `prototype` are those of the class itself, whose constructor
 * may be private.
 */
export interface OwnClass {
  readonly name: string;
  readonly prototype: object;
}

export interface InstanceOptions {
  readonly article?: string;
  /** True if a value of another type can be secret, so that messages name only its type. */
  readonly secret?: boolean;
}

/** An instance of a class of this library. */
export function instanceOf(type: OwnClass, example: string, { article = 'a', secret }: InstanceOptions = {}): Check {
  return optional((prop: string, value: unknown) => (isInstance(type, value)
    ? undefined
    : wrongType({ prop, type: `${article} ${type.name}`, value, example, secret })));
}

function isInstance(type: OwnClass, value: unknown): boolean {
  return Object.prototype.isPrototypeOf.call(type.prototype, Object(value));
}

/**
 * A type of the CDK. Its interfaces do not exist at run time, and a value may come from another copy of
 * aws-cdk-lib, so a member that only this type has identifies it.
 */
export interface CdkType {
  /** The type with its article, as in "an ec2.IVpc". */
  readonly type: string;
  readonly member: string;
  readonly example: string;
  /** True if values are plain objects rather than constructs. */
  readonly isValue?: boolean;
  /** True if a value can be secret, so that messages name only its type. */
  readonly secret?: boolean;
}

/** An object of a type of the CDK, created or imported. */
export function cdkType(options: CdkType): Check {
  const { type, example, secret } = options;
  return optional((prop: string, value: unknown) => (isCdkType(options, value)
    ? undefined
    : wrongType({ prop, type, value, example, secret })));
}

export function isCdkType({ member, isValue = false }: CdkType, value: unknown): boolean {
  return typeof value === 'object' && value !== null && member in value && (isValue || Construct.isConstruct(value));
}

/** A required object of a type of the CDK. */
export function requiredCdkType(type: CdkType): Check {
  return required(type.example, cdkType(type));
}

/** A list of objects of a type of the CDK, none of which is missing. */
export function cdkTypeList(type: CdkType, ...each: Check<never>[]): Check {
  const check = required(type.example, cdkType(type), ...each);
  return list({ example: `[${type.example}]`, each: (prop, element) => check(prop, element) });
}

/** The types of the CDK that several modules accept. */
export const CDK = {
  pipeline: {
    type: 'a codepipeline.IPipeline',
    member: 'pipelineName',
    example: "codepipeline.Pipeline.fromPipelineArn(this, 'Theirs', arn)",
  },
  ownPipeline: {
    type: 'a codepipeline.Pipeline',
    member: 'addStage',
    example: 'new codepipeline.Pipeline(…)',
  },
  project: { type: 'a codebuild.IProject', member: 'projectName', example: 'build.project' },
  repository: {
    type: 'an ecr.IRepository',
    member: 'repositoryUriForTag',
    example: "new ecr.Repository(this, 'Images')",
  },
  role: { type: 'an iam.IRole', member: 'roleArn', example: "iam.Role.fromRoleName(this, 'Leads', 'leads')" },
  secret: {
    type: 'a secretsmanager.ISecret',
    member: 'secretValueFromJson',
    example: "secretsmanager.Secret.fromSecretNameV2(this, 'Npm', 'npm')",
    secret: true,
  },
} satisfies { readonly [name: string]: CdkType };
