/** Actions of one service, from a text with their names. */
function of(service: string, names: string): string[] {
  return names.trim().split(/\s+/).map((name) => `${service}:${name}`);
}

/**
 * What might be done to each kind of resource: what a release does, and what would harm somebody.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const ACTIONS = {
  alarm: of('cloudwatch', 'DeleteAlarms DescribeAlarms DisableAlarmActions PutMetricAlarm SetAlarmState'),
  application: of('codedeploy', 'DeleteApplication GetApplication GetApplicationRevision RegisterApplicationRevision UpdateApplication'),
  bucket: of('s3', `
    CreateBucket DeleteBucket DeleteBucketPolicy GetBucketAcl GetBucketLocation GetBucketPolicy GetBucketVersioning ListBucket ListBucketVersions
    PutBucketAcl PutBucketPolicy PutBucketPublicAccessBlock PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration`),
  cluster: of('ecs', 'DeleteCluster ExecuteCommand ListTasks RegisterContainerInstance StopTask UpdateCluster UpdateClusterSettings'),
  connection: ['codeconnections', 'codestar-connections']
    .flatMap((service) => of(service, 'DeleteConnection PassConnection UpdateConnectionInstallation UseConnection')),
  deploymentConfig: of('codedeploy', 'CreateDeploymentConfig DeleteDeploymentConfig GetDeploymentConfig'),
  deploymentGroup: of('codedeploy', `
    ContinueDeployment CreateDeployment DeleteDeploymentGroup GetDeployment PutLifecycleEventHookExecutionStatus StopDeployment UpdateDeploymentGroup`),
  function: of('lambda', 'AddPermission DeleteFunction GetFunction InvokeFunction UpdateFunctionCode UpdateFunctionConfiguration'),
  instance: of('ec2', 'ModifyInstanceAttribute RunInstances StopInstances TerminateInstances'),
  key: of('kms', 'CreateGrant Decrypt DisableKey GenerateDataKey PutKeyPolicy ScheduleKeyDeletion'),
  listener: of('elasticloadbalancing', 'AddListenerCertificates CreateRule DeleteListener ModifyListener RemoveListenerCertificates'),
  loadBalancer: of('elasticloadbalancing', `
    CreateListener CreateLoadBalancer DeleteLoadBalancer ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets`),
  log: of('logs', `
    CreateLogGroup CreateLogStream DeleteLogGroup DeleteLogStream FilterLogEvents GetLogEvents PutLogEvents PutResourcePolicy PutRetentionPolicy
    PutSubscriptionFilter`),
  network: of('ec2', `
    AssignPrivateIpAddresses AttachNetworkInterface AuthorizeSecurityGroupIngress CreateNetworkInterface DeleteNetworkInterface DeleteSecurityGroup
    DeleteSubnet ModifyNetworkInterfaceAttribute UnassignPrivateIpAddresses`),
  object: of('s3', `
    AbortMultipartUpload BypassGovernanceRetention DeleteObject DeleteObjectVersion GetObject GetObjectVersion PutObject PutObjectAcl PutObjectRetention
    PutObjectTagging`),
  parameter: of('ssm', 'DeleteParameter DescribeParameters GetParameter GetParameterHistory GetParameters PutParameter'),
  person: of('iam', 'AttachUserPolicy CreateAccessKey CreatePolicy CreatePolicyVersion CreateUser DeletePolicy PutUserPolicy SetDefaultPolicyVersion'),
  pipeline: of('codepipeline', `
    DeletePipeline DisableStageTransition GetPipeline GetPipelineExecution GetPipelineState OverrideStageCondition PutApprovalResult RetryStageExecution
    RollbackStage StartPipelineExecution StopPipelineExecution UpdatePipeline`),
  project: of('codebuild', 'BatchGetBuilds DeleteProject RetryBuild StartBuild StopBuild UpdateProject'),
  queue: of('sqs', 'DeleteQueue ReceiveMessage SendMessage'),
  reportGroup: of('codebuild', 'BatchPutCodeCoverages BatchPutTestCases CreateReport CreateReportGroup DeleteReportGroup UpdateReport'),
  repository: of('ecr', `
    BatchCheckLayerAvailability BatchDeleteImage BatchGetImage CompleteLayerUpload DeleteLifecyclePolicy DeleteRepository GetDownloadUrlForLayer
    InitiateLayerUpload PutImage PutImageTagMutability PutLifecyclePolicy SetRepositoryPolicy UploadLayerPart`),
  role: [
    ...of('iam', `
      AttachRolePolicy CreateRole DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy DetachRolePolicy GetRole PassRole PutRolePermissionsBoundary
      PutRolePolicy UpdateAssumeRolePolicy UpdateRole`),
    ...of('sts', 'AssumeRole AssumeRoleWithWebIdentity SetSourceIdentity TagSession'),
  ],
  rule: of('elasticloadbalancing', 'DeleteRule ModifyRule SetRulePriorities'),
  secret: of('secretsmanager', `
    DeleteResourcePolicy DeleteSecret DescribeSecret GetSecretValue PutResourcePolicy PutSecretValue RotateSecret UpdateSecret`),
  service: of('ecs', 'CreateService DeleteService DescribeServices UpdateService UpdateServicePrimaryTaskSet'),
  stack: of('cloudformation', 'CreateStack DeleteStack UpdateStack'),
  targetGroup: of('elasticloadbalancing', `
    CreateTargetGroup DeleteTargetGroup DeregisterTargets ModifyTargetGroup ModifyTargetGroupAttributes RegisterTargets`),
  taskDefinition: of('ecs', 'DeleteTaskDefinitions DeregisterTaskDefinition RunTask StartTask TagResource UntagResource'),
  taskSet: of('ecs', 'CreateTaskSet DeleteTaskSet DescribeTaskSets UpdateTaskSet'),
  topic: of('sns', 'AddPermission DeleteTopic Publish SetTopicAttributes Subscribe Unsubscribe'),
  /** What AWS knows for no resource, or for all at once. */
  everything: [
    ...of('codedeploy', 'PutLifecycleEventHookExecutionStatus'),
    ...of('codepipeline', 'PutJobSuccessResult'),
    ...of('ec2', 'DescribeInstances DescribeNetworkInterfaces DescribeSubnets'),
    ...of('ecr', 'CreateRepository DescribeRepositories GetAuthorizationToken'),
    ...of('ecs', 'ListClusters RegisterTaskDefinition'),
    ...of('elasticloadbalancing', 'DescribeListeners DescribeLoadBalancers DescribeRules DescribeTargetGroups'),
    ...of('iam', 'ListRoles'),
    ...of('kms', 'CreateKey'),
    ...of('lambda', 'CreateFunction'),
    ...of('logs', 'DescribeLogGroups'),
    ...of('organizations', 'DescribeOrganization LeaveOrganization'),
    ...of('s3', 'ListAllMyBuckets'),
    ...of('secretsmanager', 'ListSecrets'),
    ...of('sns', 'CreateTopic'),
    ...of('ssm', 'DescribeParameters'),
    ...of('sts', 'GetFederationToken'),
  ],
};
