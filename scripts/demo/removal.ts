import { bullet, counted, listed, paragraph } from './layout';
import { Resource, Template } from './template';

/** What is left after `cdk destroy`. */
export function removal(template: Template): string[] {
  const retained = retainedIn(template);
  const left = leftBehind(template);
  return [
    ...paragraph(`${counted(template.resources.length - retained.length, 'resource')} of ${template.resources.length.toLocaleString('en-US')} `
      + `are deleted with the stack, and ${retained.length === 0 ? 'none is' : retained.length} retained${retained.length === 0 ? '' : `: ${namesOf(retained)}`}.`),
    ...emptied(template),
    ...paragraph(`${left.length === 0 ? 'Nothing' : 'This'} stays${left.length === 0 ? '.' : ':'}`),
    ...left.flatMap((one) => bullet(one)),
  ];
}

/** What the template tells CloudFormation to leave alone, when the stack is deleted or a resource replaced. */
export function retainedIn(template: Template): Resource[] {
  return template.resources.filter((resource) => resource.removal.some((policy) => policy !== 'Delete'));
}

/** What CloudFormation cannot delete while there is something in it. */
function emptied(template: Template): string[] {
  const helpers = template.ofType('Custom::S3AutoDeleteObjects').map((helper) => helper.at('BucketName').target);
  const buckets = template.ofType('AWS::S3::Bucket');
  const repositories = template.ofType('AWS::ECR::Repository');
  const isEmptied = (resource: Resource) => helpers.includes(resource) || resource.at('EmptyOnDelete').text === 'true';
  const all = [...buckets, ...repositories];
  const full = all.filter((resource) => !isEmptied(resource));
  const guarded = template.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer').filter((balancer) => balancer.at('LoadBalancerAttributes').items
    .some((attribute) => attribute.at('Key').text === 'deletion_protection.enabled' && attribute.at('Value').text === 'true'));
  return [
    ...(all.length === full.length ? [] : paragraph(`Emptied first: ${namesOf(all.filter(isEmptied))}.`)),
    ...(full.length === 0 ? [] : paragraph(`To be emptied by hand first: ${namesOf(full)}.`)),
    ...(guarded.length === 0 ? [] : paragraph(`Protected against deletion: ${namesOf(guarded)}.`)),
  ];
}

/** What AWS itself makes while the stack lives, and CloudFormation therefore does not delete. */
function leftBehind(template: Template): string[] {
  const groups = template.ofType('AWS::Logs::LogGroup');
  const logless = template.ofType('AWS::Lambda::Function').filter((lambda) =>
    !lambda.at('LoggingConfig', 'LogGroup').exists && !groups.some((group) => group.at('LogGroupName').targets.includes(lambda)));
  const projects = template.ofType('AWS::CodeBuild::Project').filter((project) => !project.at('LogsConfig', 'CloudWatchLogs', 'GroupName').exists);
  const insights = template.ofType('AWS::ECS::Cluster').filter((cluster) => cluster.at('ClusterSettings').items
    .some((setting) => setting.at('Name').text === 'containerInsights' && setting.at('Value').text !== 'disabled'));
  const services = template.ofType('AWS::ECS::Service').filter((service) => service.at('DeploymentController', 'Type').text === 'CODE_DEPLOY');
  return [
    ...logless.map((lambda) => `the log group /aws/lambda/${functionName(lambda)}, which Lambda makes for itself`),
    ...projects.map((project) => `the log group /aws/codebuild/${project.name}, which CodeBuild makes for itself`),
    ...insights.map((cluster) => `the log group /aws/ecs/containerinsights/${cluster.name}/performance, which Container Insights makes for itself`),
    ...(services.length === 0 ? [] : [
      `in the list of ECS, the task definition revisions that releases registered (${listed(services.map((service) => service.at('TaskDefinition').text))}): `
      + 'they cost nothing',
    ]),
  ];
}

/** Without a name of its own a function is called after its stack and its logical identifier. */
function functionName(lambda: Resource): string {
  return lambda.at('FunctionName').exists ? lambda.name : `${lambda.template.stackName}-${lambda.name}`;
}

function namesOf(resources: Resource[]): string {
  return listed(resources.map((resource) => resource.name));
}
