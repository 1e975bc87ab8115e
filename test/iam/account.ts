import { policiesOf } from '../../src/cli/iam/collect';
import { Policies } from '../../src/cli/iam/evaluate';
import { hasIdentity } from '../../src/cli/iam/identities';
import { Resolver } from '../../src/cli/iam/resolve';
import { Program } from '../helpers/programs';
import { texts } from '../helpers/templates';

/** The account and region of the programs. */
export const PLACE = { partition: 'aws', region: 'us-east-1', account: '111111111111' };

/** A hand-written ARN in the account. */
export function arn(service: string, rest: string): string {
  return `arn:${PLACE.partition}:${service}:${PLACE.region}:${PLACE.account}:${rest}`;
}

export function roleArn(name: string): string {
  return `arn:${PLACE.partition}:iam::${PLACE.account}:role/${name}`;
}

/**
 * A program as it stands in the account. Names follow the rule of names, so that ARNs are written out and do not come from the policies
 * that they judge. Only what AWS itself names is looked up here.
 */
export class DeployedProgram {
  public readonly policies: Policies;
  private readonly resolver: Resolver;
  private readonly names: ReadonlySet<string>;

  constructor(private readonly program: Program) {
    const stack = { ...PLACE, stackName: `storefront-${program.suffix}` };
    this.policies = policiesOf(program.template, stack);
    this.resolver = new Resolver(program.template, stack);
    const identities = this.resolver.resources().filter(([, type]) => hasIdentity(type)).map(([id]) => this.resolver.identity(id));
    // What is no resource of its own, or is brought along, is a text of the template: the family of a task definition, the role of a hook.
    const brought = texts(program.template.Resources).map(([, text]) => text);
    this.names = new Set([stack.stackName, ...identities.flatMap((identity) => Object.values(identity)), ...brought].flatMap((name) => name.split(/[:/]/)));
  }

  public get name(): string {
    return this.program.name;
  }

  public get suffix(): string {
    return this.program.suffix;
  }

  public get stack(): string {
    const name = `storefront-${this.suffix}`;
    return arn('cloudformation', `stack/${name}/<${name}>`);
  }

  /** `<type>[-<environment>]-<suffix>` */
  public named(type: string): string {
    return `${type}-${this.suffix}`;
  }

  public role(purpose: string): string {
    return roleArn(`${this.named(`role-${purpose}`)}-${PLACE.region}`);
  }

  /** The CDK role that empties buckets. */
  public emptyingRole(): string {
    return this.only('AWS::IAM::Role', ({ RoleName }) => RoleName === undefined, 'Arn');
  }

  public bucket(type: string): string {
    return `arn:${PLACE.partition}:s3:::${this.named(type)}-${PLACE.account}-${PLACE.region}`;
  }

  public secret(type: string): string {
    return this.only('AWS::SecretsManager::Secret', ({ Name }) => Name === this.named(type), 'Ref');
  }

  public hasRotation(): boolean {
    return this.all('AWS::SecretsManager::RotationSchedule', () => true).length > 0;
  }

  /** Returns true if this ARN contains the name of a resource of the program. */
  public has(resource: string): boolean {
    const [, name = ''] = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(.+)$/.exec(resource) ?? [];
    return name.split(/[:/]/).some((part) => this.names.has(part));
  }

  /** The listeners of an environment that serve its containers, and not those that redirect to them. */
  public listeners(environmentName: string): string[] {
    const own = `:listener/app/${this.named(`alb-${environmentName}`)}/`;
    const found = this.all('AWS::ElasticLoadBalancingV2::Listener', ({ DefaultActions }) => (DefaultActions as { Type: string }[])[0].Type === 'forward')
      .map((id) => this.resolver.identity(id).Ref).filter((listener) => listener.includes(own));
    if (found.length !== 2) {
      throw new Error(`${environmentName} has ${found.length} listeners`);
    }
    return found;
  }

  /** The security group of the smoke test function. */
  public smokeTestSecurityGroup(environmentName: string): string {
    return this.only('AWS::EC2::SecurityGroup', ({ GroupName }) => GroupName === this.named(`security-group-smoke-${environmentName}`), 'GroupId');
  }

  /** The subnets that functions and tasks run in. */
  public functionSubnets(): string[] {
    const functions = this.all('AWS::Lambda::Function', ({ VpcConfig }) => VpcConfig !== undefined);
    const networks = functions.map((id) => this.resolver.value(this.program.template.Resources[id].Properties.VpcConfig) as { SubnetIds: string[] });
    return [...new Set(networks.flatMap(({ SubnetIds }) => SubnetIds))];
  }

  private only(type: string, is: (properties: { readonly [name: string]: unknown }) => boolean, attribute: string): string {
    const found = this.all(type, is);
    if (found.length !== 1) {
      throw new Error(`${this.name} has ${found.length} of ${type} instead of one`);
    }
    return this.resolver.identity(found[0])[attribute];
  }

  private all(type: string, is: (properties: { readonly [name: string]: unknown }) => boolean): string[] {
    return this.resolver.resources().filter(([, own]) => own === type).map(([id]) => id)
      .filter((id) => is(this.program.template.Resources[id].Properties ?? {}));
  }
}
