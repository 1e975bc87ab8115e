import { Resource, Template } from '../template';

/** A statement of a stack policy. */
export interface PolicyStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Principal: '*';
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly StringEquals: { readonly ResourceType: readonly string[] } };
}

export interface StackPolicy {
  readonly Statement: readonly PolicyStatement[];
}

/** Types of which each resource serves users or holds what a release needs. */
const PROTECTED = [
  'AWS::ECR::Repository',
  'AWS::ECS::Cluster',
  'AWS::ECS::Service',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::SecretsManager::Secret',
];

/**
 * A stack policy that protects against replacement and removal: some types as a whole, and of the others the bucket of
 * the artifacts, the log groups of the application and nested stacks. Everything else can change. A log group of a
 * function and the bucket of a cache are no loss.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
 */
export function stackPolicy(template: Template): StackPolicy {
  const isOwn = (resource: Resource) => resource.template === template;
  const types = PROTECTED.filter((type) => template.ofType(type).some(isOwn));
  const nested = template.ofType('AWS::CloudFormation::Stack').filter(isOwn);
  const ids = [...artifactBuckets(template), ...applicationLogs(template)]
    .filter(isOwn)
    .concat(nested)
    .map(({ id }) => `LogicalResourceId/${id}`);
  const deny = { Effect: 'Deny', Action: ['Update:Replace', 'Update:Delete'], Principal: '*' } as const;
  return {
    Statement: [
      { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' },
      ...(types.length === 0 ? [] : [{ ...deny, Resource: '*', Condition: { StringEquals: { ResourceType: types } } }]),
      ...(ids.length === 0 ? [] : [{ ...deny, Resource: [...new Set(ids)].sort() }]),
    ],
  };
}

/** The buckets of the artifacts of pipelines, with those of other regions. */
export function artifactBuckets(template: Template): Resource[] {
  return template
    .ofType('AWS::CodePipeline::Pipeline')
    .flatMap((pipeline) => [
      ...pipeline.at('ArtifactStore', 'Location').targets,
      ...pipeline.at('ArtifactStores').items.flatMap((store) => store.at('ArtifactStore', 'Location').targets),
    ]);
}

/** The log groups that containers of task definitions write to. */
function applicationLogs(template: Template): Resource[] {
  return template
    .ofType('AWS::ECS::TaskDefinition')
    .flatMap((definition) => definition.at('ContainerDefinitions').items)
    .flatMap((container) => container.at('LogConfiguration', 'Options', 'awslogs-group'))
    .flatMap((group) => {
      const named = template
        .ofType('AWS::Logs::LogGroup')
        .filter((one) => one.at('LogGroupName').exact === group.exact);
      return [...group.targets, ...named];
    })
    .filter(({ type }) => type === 'AWS::Logs::LogGroup');
}
