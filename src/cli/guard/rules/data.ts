import { Resource } from '../../template';
import { Change, changesProperty, deletes, Differences, resourceOf } from '../differences';
import { Finding, finding, nameOf } from '../findings';

/**
 * Types that hold data. The specification of CloudFormation marks most of them as stateful.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
const HOLDS_DATA = [
  'AWS::Backup::BackupVault',
  'AWS::Cognito::UserPool',
  'AWS::DocDB::DBCluster',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::EC2::Volume',
  'AWS::ECR::PublicRepository',
  'AWS::ECR::Repository',
  'AWS::EFS::FileSystem',
  'AWS::ElastiCache::CacheCluster',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::ElastiCache::ServerlessCache',
  'AWS::Elasticsearch::Domain',
  'AWS::FSx::FileSystem',
  'AWS::KMS::Key',
  'AWS::Kinesis::Stream',
  'AWS::Logs::LogGroup',
  'AWS::MSK::Cluster',
  'AWS::MemoryDB::Cluster',
  'AWS::Neptune::DBCluster',
  'AWS::OpenSearchService::Domain',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::Redshift::Cluster',
  'AWS::S3::Bucket',
  'AWS::SDB::Domain',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
  'AWS::Timestream::Table',
];

const CONNECTIONS = ['AWS::CodeConnections::Connection', 'AWS::CodeStarConnections::Connection'];

/** Findings about data, secrets, subscriptions and connections, which an update cannot restore. */
export function dataFindings(differences: Differences): Finding[] {
  const about = (code: Finding['code'], changes: Change[]) =>
    changes.map((change) => finding(code, nameOf(resourceOf(change)), [change]));
  return [
    ...about(
      'data-deleted',
      differences.ofType(...HOLDS_DATA).filter((change) => deletes(change) && !isByproduct(change, differences)),
    ),
    ...about(
      'data-deleted',
      differences.ofType('Custom::S3AutoDeleteObjects').filter((change) => emptiesItsBucket(change, differences)),
    ),
    ...about(
      'data-deleted',
      differences.changes.filter((change) => change.kind === 'changed' && expiresEarlier(change)),
    ),
    ...about(
      'secret-overwritten',
      differences
        .ofType('AWS::SecretsManager::Secret')
        .filter(
          (change) => change.kind === 'changed' && changesProperty(change, 'GenerateSecretString', 'SecretString'),
        ),
    ),
    ...about(
      'subscriptions-unconfirmed',
      differences.ofType('AWS::SNS::Topic').filter((change) => mustConfirmAgain(change, differences)),
    ),
    ...about('connection-pending', differences.ofType(...CONNECTIONS).filter(deletes)),
  ];
}

/** Log groups of functions, builds and workflows, and caches, which the next run makes anew. */
function isByproduct({ before }: Change, { before: template }: Differences): boolean {
  const resource = before!;
  if (resource.type === 'AWS::Logs::LogGroup') {
    return !isOfApplication(resource);
  }
  return template
    .ofType('AWS::CodeBuild::Project')
    .some(
      (project) =>
        project.at('Cache', 'Type').text === 'S3' && project.at('Cache', 'Location').targets.includes(resource),
    );
}

/** Returns true if nothing in the template but tasks writes to the log group. */
function isOfApplication(group: Resource): boolean {
  const { template } = group;
  const name = group.at('LogGroupName').exact;
  const uses = (value: { readonly exact: string; readonly targets: Resource[] }) =>
    value.targets.includes(group) || (name !== '' && value.exact === name);
  const writers = [
    ...template.ofType('AWS::Lambda::Function').map((one) => one.at('LoggingConfig', 'LogGroup')),
    ...template.ofType('AWS::CodeBuild::Project').map((one) => one.at('LogsConfig', 'CloudWatchLogs', 'GroupName')),
    ...template.ofType('AWS::StepFunctions::StateMachine').map((one) => one.at('LoggingConfiguration')),
  ];
  const ofFunction = template
    .ofType('AWS::Lambda::Function')
    .some((one) => group.at('LogGroupName').targets.includes(one));
  return !ofFunction && !writers.some(uses);
}

/** CDK's function empties a bucket when its custom resource is removed, unless the bucket no longer has the tag. */
function emptiesItsBucket({ kind, before }: Change, differences: Differences): boolean {
  const bucket = kind === 'removed' ? before!.at('BucketName').target : undefined;
  const stays = differences.successor(bucket);
  return (
    stays
      ?.at('Tags')
      .items.some((tag) => tag.at('Key').text === 'aws-cdk:auto-delete-objects' && tag.at('Value').text === 'true') ??
    false
  );
}

/** A shorter retention of logs; the retention of images and artifacts is a matter of rollbacks. */
function expiresEarlier({ before, after }: Change): boolean {
  if (after!.type !== 'AWS::Logs::LogGroup' || !isOfApplication(before!)) {
    return false;
  }
  const [old, current] = [before!, after!].map((one) =>
    one.at('RetentionInDays').exists ? one.at('RetentionInDays').number : Infinity,
  );
  return current < old;
}

/** A topic that is deleted, of which a subscriber by e-mail is subscribed to a new one. */
function mustConfirmAgain(change: Change, differences: Differences): boolean {
  const endpoints = (topic: Resource) =>
    topic.template
      .ofType('AWS::SNS::Subscription')
      .filter((one) => one.at('TopicArn').target === topic)
      .map((one) => one.at())
      .concat(topic.at('Subscription').items)
      .filter((one) => /^email/.test(one.at('Protocol').text))
      .map((one) => one.at('Endpoint').exact);
  const created = differences
    .ofType('AWS::SNS::Topic')
    .filter(({ kind }) => kind === 'added' || kind === 'replaced')
    .flatMap(({ after }) => endpoints(after!));
  return deletes(change) && endpoints(change.before!).some((endpoint) => created.includes(endpoint));
}
