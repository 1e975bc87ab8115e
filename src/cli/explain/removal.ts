import { environmentsOf } from '../environments';
import { counted, Entry, listed } from '../layout';
import { Resource, Template } from '../template';

/**
 * Returns the resources that CloudFormation keeps, that are emptied before they are deleted, that cannot be deleted
 * unless they are empty, and that are protected against deletion.
 */
export function removalOf(template: Template) {
  const helpers = template.ofType('Custom::S3AutoDeleteObjects').map((helper) => helper.at('BucketName').target);
  const retained = template.resources.filter(({ json: { DeletionPolicy, UpdateReplacePolicy } }) =>
    [DeletionPolicy, UpdateReplacePolicy].some((policy) => policy !== undefined && policy !== 'Delete'));
  const containers = template.ofType('AWS::S3::Bucket', 'AWS::ECR::Repository')
    .filter((resource) => !retained.includes(resource));
  const isEmptied = (resource: Resource) => helpers.includes(resource) || resource.at('EmptyOnDelete').isTrue;
  const guarded = template.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer').filter((balancer) =>
    balancer.at('LoadBalancerAttributes').items.some((attribute) =>
      attribute.at('Key').text === 'deletion_protection.enabled' && attribute.at('Value').isTrue));
  return {
    retained,
    guarded,
    emptied: containers.filter(isEmptied),
    full: containers.filter((resource) => !isEmptied(resource)),
  };
}

/** Describes the resources that `cdk destroy` leaves, and those that make it fail. */
export function removal(template: Template): Entry[] {
  const { retained, emptied, full, guarded } = removalOf(template);
  const left = leftBehind(template);
  const all = template.resources.length;
  const namesOf = (resources: Resource[]) => listed(resources.map(({ name }) => name));
  const kept = retained.length === 0 ? 'none is retained' : `${retained.length} retained: ${namesOf(retained)}`;
  const sentence = (start: string, resources: Resource[]) =>
    (resources.length === 0 ? [] : [`${start}: ${namesOf(resources)}.`]);
  return [{
    says: [
      `${counted(all - retained.length, 'resource')} of ${all} are deleted with the stack, and ${kept}.`,
      ...sentence('Emptied first', emptied),
      ...sentence('To be emptied by hand first', full),
      ...sentence('Protected against deletion', guarded),
      left.length === 0 ? 'Nothing else stays.' : 'This stays:',
      ...left.map((one) => `- ${one}`),
    ],
  }];
}

/** Returns the resources that AWS itself creates while the stack exists, and that CloudFormation does not delete. */
function leftBehind(template: Template): string[] {
  const groups = template.ofType('AWS::Logs::LogGroup');
  const functions = template.ofType('AWS::Lambda::Function').filter((lambda) =>
    !lambda.at('LoggingConfig', 'LogGroup').exists
    && !groups.some((group) => group.at('LogGroupName').targets.includes(lambda)));
  const projects = template.ofType('AWS::CodeBuild::Project')
    .filter((project) => !project.at('LogsConfig', 'CloudWatchLogs', 'GroupName').exists);
  const insights = template.ofType('AWS::ECS::Cluster').filter((cluster) => cluster.at('ClusterSettings').items
    .some((setting) => setting.at('Name').text === 'containerInsights' && setting.at('Value').text !== 'disabled'));
  const families = environmentsOf(template).filter(({ group }) => group !== undefined)
    .map(({ service }) => service.at('TaskDefinition').text);
  const logs = (group: string, maker: string) => `the log group ${group}, which ${maker} creates itself`;
  // A function without a physical name gets one from its stack and its logical ID.
  const prefix = (lambda: Resource) => (lambda.at('FunctionName').exists ? '' : `${lambda.template.stackName}-`);
  return [
    ...functions.map((lambda) => logs(`/aws/lambda/${prefix(lambda)}${lambda.name}`, 'Lambda')),
    ...projects.map((project) => logs(`/aws/codebuild/${project.name}`, 'CodeBuild')),
    ...insights.map(({ name }) => logs(`/aws/ecs/containerinsights/${name}/performance`, 'Container Insights')),
    ...(families.length === 0 ? [] : [
      `in the list of ECS, the task definition revisions that releases registered (${listed(families)}): `
        + 'they cost nothing',
    ]),
  ];
}
