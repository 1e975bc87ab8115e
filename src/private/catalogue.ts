/** What docs/errors.md tells about a code, beside the message itself. */
interface Entry {
  /** The rule in a few words. */
  readonly rule: string;
  /** Why it cannot work otherwise: what AWS, the CDK or this library does with such a value. */
  readonly why: string;
  /** What to do about it. */
  readonly fix: string;
  /** Where the limit is documented. */
  readonly source?: string;
}

/**
 * Every rule that a construct checks. Codes are API: a code keeps its meaning and is never used again for another rule.
 *
 * Nothing reads the texts at run time; docs/errors.md is made from them, and the types keep each problem on a code of this list.
 */
export const CATALOGUE = {
  // Any prop
  BGP001: {
    rule: 'A required value is there.',
    why: 'Nothing sensible can take its place.',
    fix: 'Give the value; the message shows an example.',
  },
  BGP002: {
    rule: 'A value has the type of its prop.',
    why: 'TypeScript and Python say so while you write. Plain JavaScript and casts do not, and CloudFormation would get a value that it does not understand.',
    fix: 'Give a value of the type that the message names.',
  },
  BGP003: {
    rule: 'A value that names, counts or orders something is known at synthesis.',
    why: 'Stages, files and resources are made from it, so a token, whose value is only known at deployment, is too late.',
    fix: 'Write the value out, or read it from the context of the app.',
  },
  BGP004: {
    rule: 'A text says something.',
    why: 'An empty text is most often a variable that was not set.',
    fix: 'Give a text, or leave the prop out where it has a default.',
  },
  // Names and places
  BGP005: {
    rule: '`environmentSuffix` has lower-case letters, digits and single hyphens, starts with a letter and does not end in a hyphen.',
    why: 'It ends every physical name, and buckets and load balancers take nothing else.',
    fix: 'Choose a suffix such as `dev` or `shop-eu`.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html',
  },
  BGP006: {
    rule: 'The name of an environment has lower-case letters and digits, and starts with a letter.',
    why: 'It stands between hyphens in names, and becomes the name of stages and files.',
    fix: 'Choose a name such as `staging` or `eu2`.',
  },
  BGP007: {
    rule: 'Every name that is made of the suffix and the environment fits the limit of its AWS service.',
    why: 'AWS refuses longer names in the middle of a deployment: 32 characters for a target group, 63 for a bucket, 64 for a role or a rule.',
    fix: 'Shorten the suffix, or the name of the environment; the message says by how much.',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html',
  },
  BGP008: {
    rule: 'A physical name is used once in one account and region of an app.',
    why: 'The second resource of that name would fail half-way through its deployment.',
    fix: 'Give the second construct a suffix, or a purpose, of its own.',
  },
  // E-mail addresses
  BGP009: {
    rule: 'A list of addresses has at least one.',
    why: 'A topic without a subscriber tells nobody, and an approval that nobody hears of waits until it fails.',
    fix: 'Name at least one address.',
  },
  BGP010: {
    rule: 'An address is an e-mail address of at most 254 characters, with at most 64 before the @.',
    why: 'SNS refuses a malformed address when the subscription is made.',
    fix: 'Write the address alone, without a name or angle brackets.',
    source: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1',
  },
  BGP011: {
    rule: 'An address, or an environment, stands in a list once.',
    why: 'Two subscriptions of one address to one topic are one in SNS, and two in the template; what is made for an environment has one name.',
    fix: 'Remove the second one.',
    source: 'https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html',
  },
  // Kinds and places
  BGP012: {
    rule: 'The processor is x86-64 or ARM64.',
    why: 'Fargate and CodeBuild offer these two.',
    fix: 'Use `CpuArchitecture.X86_64` or `CpuArchitecture.ARM64`.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html',
  },
  BGP013: {
    rule: 'A construct stands within a stack.',
    why: 'Names, account and region come from the stack.',
    fix: 'Make a `Stack` and hand it, or a construct within it, as the scope.',
  },
  BGP014: {
    rule: 'An id is a text, and no other construct of the scope has it.',
    why: 'The id leads to the logical ids of the resources.',
    fix: 'Give the construct an id of its own.',
  },
  BGP015: {
    rule: 'A construct is added to a pipeline once.',
    why: 'It has one role and one stage.',
    fix: 'Make another construct for another stage.',
  },
  BGP016: {
    rule: 'A construct and the pipeline that it is added to are in one stack.',
    why: 'Their roles name each other, and two stacks cannot depend on each other.',
    fix: 'Move one of them.',
  },
  BGP017: {
    rule: 'A port is a whole number from 1 to 65535.',
    why: 'There are no others.',
    fix: 'Give the port that the container listens on.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html',
  },
  BGP018: {
    rule: 'A path starts with "/" and has at most 1024 printable ASCII characters.',
    why: 'The load balancer refuses any other health check path when the target group is made.',
    fix: 'Give the path alone, without the host; percent-encode other characters.',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html',
  },
  BGP019: {
    rule: 'A pipeline has each stage once.',
    why: 'The CDK and CodePipeline refuse two stages of one name.',
    fix: 'Give the second environment, or the second project, a name of its own.',
    source: 'https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StageDeclaration.html',
  },
  // Source
  BGP020: {
    rule: 'connectionArn',
    why: '',
    fix: '',
  },
  BGP021: {
    rule: 'repository',
    why: '',
    fix: '',
  },
  // Build
  BGP030: {
    rule: 'path in source',
    why: '',
    fix: '',
  },
  BGP031: {
    rule: 'buildArgs',
    why: '',
    fix: '',
  },
  BGP032: {
    rule: 'buildSecrets',
    why: '',
    fix: '',
  },
  BGP033: {
    rule: 'releaseFiles',
    why: '',
    fix: '',
  },
  BGP038: {
    rule: 'startupTime',
    why: '',
    fix: '',
  },
  BGP040: {
    rule: 'purpose',
    why: '',
    fix: '',
  },
  BGP041: {
    rule: 'cacheExpiration',
    why: '',
    fix: '',
  },
  BGP042: {
    rule: 'timeout',
    why: '',
    fix: '',
  },
  BGP043: {
    rule: 'queuedTimeout',
    why: '',
    fix: '',
  },
  BGP046: {
    rule: 'cache tag',
    why: '',
    fix: '',
  },
  BGP047: {
    rule: 'tagOrDigest',
    why: '',
    fix: '',
  },
  // Approval, artifacts, alarms, dashboard, credentials
  BGP080: {
    rule: 'An approval waits from 5 minutes to 60 days, in whole minutes.',
    why: 'CodePipeline takes no other `TimeoutInMinutes` for the action.',
    fix: 'Choose a time in that range, or leave it out: the default is 7 days.',
    source: 'https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html',
  },
  BGP081: {
    rule: 'The question of an approval has at most 1000 characters.',
    why: 'It is a value in the configuration of the action, and CodePipeline refuses longer ones when the pipeline is made.',
    fix: 'Shorten it, and link to the rest.',
    source: 'https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionConfiguration.html',
  },
  BGP082: {
    rule: 'Old versions of artifacts are kept for whole days, at least one.',
    why: 'S3 counts `NoncurrentDays` in positive whole numbers.',
    fix: 'Choose a number of days.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionExpiration.html',
  },
  BGP083: {
    rule: 'A prop that says how something is done comes with the prop that says that it is done.',
    why: 'Alone it has no effect, and you would believe that it had: `accessLogsPrefix` without `accessLogsBucket`, `rotationInterval` without `rotationFunction`.',
    fix: 'Add the other prop, or remove this one.',
  },
  BGP084: {
    rule: 'A registry is a host in lower case, with a port if need be, without scheme or path.',
    why: 'The build runs `docker login` with it, and images are looked up under the same text.',
    fix: 'Write the host alone, as it begins the names of images: `ghcr.io`, `registry.acme.com:5000`.',
    source: 'https://docs.docker.com/reference/cli/docker/login/',
  },
  BGP085: {
    rule: 'Credentials are rotated every 4 hours to 1000 days, in whole hours.',
    why: 'Secrets Manager takes no other rate, and rotates as often as every four hours.',
    fix: 'Choose an interval in that range, or leave it out: the default is 30 days.',
    source: 'https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html',
  },
  BGP086: {
    rule: 'The prefix of access logs has at most 988 bytes.',
    why: 'S3 appends date, time and a unique text of 36 characters, and an object key has at most 1024 bytes.',
    fix: 'Shorten it.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html',
  },
  BGP087: {
    rule: 'What works with a construct is in its account and region, where AWS demands it.',
    why: 'Events of pipelines, builds and deployments stay in their region, an alarm publishes to topics of its region, logs of a bucket go to a bucket '
      + 'beside it, a secret is rotated by a function of its region, and a policy is attached to roles of its own account.',
    fix: 'Use one of the account and region of the stack, or move the construct to a stack there.',
    source: 'https://repost.aws/knowledge-center/use-eventbridge-rule-across-regions',
  },
  BGP088: {
    rule: 'The name of a stage has at most 100 letters, digits and `.@_-`.',
    why: 'CodePipeline knows no stage of another name, so nothing would be counted.',
    fix: 'Give the name of the stage as the pipeline has it.',
    source: 'https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StageDeclaration.html',
  },
  BGP089: {
    rule: 'An approval gate is added to a pipeline.',
    why: 'Nobody would be asked. This is found at synthesis, because until then it can still be added.',
    fix: 'Call `addToPipeline` before the stage that deploys, or do not make the gate.',
  },
  // Deployment
  BGP090: {
    rule: '`taskCount` is a whole number from 1 to 5000.',
    why: 'A service runs at most 5000 tasks, and one without tasks answers nobody.',
    fix: 'Give the number of tasks that carry the usual load.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html',
  },
  BGP091: {
    rule: '`maxTaskCount` is a whole number from 1 to 5000.',
    why: 'A service runs at most 5000 tasks.',
    fix: 'Give the number of tasks that carry the highest load, or leave it out for a fixed number.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html',
  },
  BGP092: {
    rule: '`maxTaskCount` is at least `taskCount`.',
    why: 'Application Auto Scaling refuses a range that ends before it begins.',
    fix: 'Raise `maxTaskCount`, or lower `taskCount`.',
    source: 'https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html',
  },
  BGP093: {
    rule: 'Old tasks are kept for whole minutes, from 2 minutes to 2 days.',
    why: 'CodeDeploy waits at most 2880 minutes. Less than 2 minutes would stop the old tasks before the new ones are past their grace period.',
    fix: 'Give a `terminationWaitTime` within these bounds.',
    source: 'https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BlueInstanceTerminationOption.html',
  },
  BGP094: {
    rule: 'A network that may reach the test listener is an IPv4 network in CIDR form, narrower than the whole Internet.',
    why: 'EC2 refuses anything else in a rule, and an unreleased version is not for everybody.',
    fix: 'Write it as in `203.0.113.0/24`; one address ends in `/32`.',
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html',
  },
  BGP095: {
    rule: '`rollbackErrorRate` is a whole number from 1 to 99 that is known at synthesis.',
    why: 'It is a percentage: at 0 one failed request would roll back, and no rate is above 100.',
    fix: 'Give a percentage such as `5`.',
  },
  BGP096: {
    rule: '`rollbackMinimumRequests` is a whole number from 1 to 1,000,000 that is known at synthesis.',
    why: 'It becomes part of the expression that an alarm watches.',
    fix: 'Give the requests per minute from which a rate means something.',
  },
  BGP097: {
    rule: '`cpu` is one of the sizes that Fargate offers.',
    why: 'ECS refuses to register a task definition of another size.',
    fix: 'Choose 256, 512, 1024, 2048, 4096, 8192 or 16384 CPU units.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size',
  },
  BGP098: {
    rule: '`memoryLimitMiB` is one of the sizes that Fargate offers for the `cpu`.',
    why: 'ECS refuses to register a task definition with another pair: the first release would fail.',
    fix: 'Choose a memory of the range that the message names, or other CPU units.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size',
  },
  BGP099: {
    rule: 'A network stands in `testListenerCidrs` once.',
    why: 'EC2 cuts an address down to its network, and refuses a security group with the same rule twice.',
    fix: 'Remove the second one.',
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html',
  },
  BGP100: {
    rule: 'A step of traffic is a whole percentage from 1 to 99.',
    why: 'CodeDeploy counts in whole percent, and 100 would be all at once.',
    fix: 'Give a percentage such as `10`, or use `TrafficShift.allAtOnce`.',
    source: 'https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_TimeBasedCanary.html',
  },
  BGP101: {
    rule: 'The time between two steps of traffic is whole minutes, from 1 minute to 2 days.',
    why: 'CodeDeploy counts in whole minutes.',
    fix: 'Give an interval such as `Duration.minutes(5)`.',
    source: 'https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_TimeBasedCanary.html',
  },
  BGP102: {
    rule: 'Shift, hooks, smoke test and waiting time of a deployment fit into 5 days together.',
    why: 'CodePipeline ends the deploy action after 5 days, whatever CodeDeploy is doing. A hook may take an hour.',
    fix: 'Shift in fewer or shorter steps, or keep the old tasks for a shorter time.',
    source: 'https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html',
  },
  BGP103: {
    rule: 'The name of a container variable has printable ASCII characters, without spaces and `=`.',
    why: 'What follows the first `=` would be the value.',
    fix: 'Choose a name such as `LOG_LEVEL`.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KeyValuePair.html',
  },
  BGP104: {
    rule: 'A container variable is plain or secret, not both.',
    why: 'ECS refuses a task definition with the same name in both.',
    fix: 'Remove one of the two.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html',
  },
  BGP105: {
    rule: '`containerCommand` has at least one word.',
    why: 'An empty command says nothing: the image would run its own.',
    fix: 'Write the command out, or leave it out.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html',
  },
  BGP106: {
    rule: 'A statement of `taskPolicies` is whole, and has no principal.',
    why: 'The CDK refuses it when it writes the policy of the task role.',
    fix: 'Give the statement actions and resources.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html',
  },
  BGP107: {
    rule: 'Logs are kept for a number of days that CloudWatch Logs offers.',
    why: 'CloudWatch Logs refuses any other when the log group is made.',
    fix: 'Use a member of `RetentionDays`.',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html',
  },
  BGP108: {
    rule: 'Warning `EcsBlueGreenDeployment.hookRole`: the role of a hook can be changed.',
    why: 'A hook that may not report keeps the deployment waiting for an hour, and then fails it.',
    fix: 'Give the role the permission that the warning names.',
    source: 'https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html',
  },
  BGP109: {
    rule: 'Warning `EcsBlueGreenDeployment.http`: an environment has a certificate.',
    why: 'Over HTTP everybody on the way reads along. The protocol is frozen after the first deployment.',
    fix: 'Give the environment a `certificate` before its first deployment.',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html',
  },
  BGP110: {
    rule: 'The status of a smoke test is a whole number from 200 to 599 that is known at synthesis.',
    why: 'These are the statuses that an answer can have.',
    fix: 'Give a status such as `200`.',
  },
  BGP111: {
    rule: 'The text that a smoke test looks for has 1 to 1000 characters.',
    why: 'It reaches the function as an environment variable, and those have 4 KB together.',
    fix: 'Look for a shorter text that only the right answer has.',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  },
  BGP112: {
    rule: 'The host of a smoke test is a host name without scheme and port.',
    why: 'It becomes the header `Host` of a request, and the server name behind a certificate.',
    fix: 'Write it as in `shop.example.com`.',
    source: 'https://www.rfc-editor.org/rfc/rfc1123#section-2.1',
  },
  BGP113: {
    rule: 'A smoke test takes whole seconds, from 30 seconds to 14 minutes, known at synthesis.',
    why: 'Three good answers in a row take 10 seconds at least, and a function runs 15 minutes at most.',
    fix: 'Give a `timeout` within these bounds.',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  },
  BGP114: {
    rule: 'A smoke test and a hook do not stand at the same event.',
    why: 'CodeDeploy calls one function at an event.',
    fix: 'Remove one, or let your function ask the test listener itself.',
    source: 'https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html',
  },
  BGP115: {
    rule: 'The function of a hook has a role.',
    why: 'A function that cannot be allowed to report keeps the deployment waiting until it fails.',
    fix: 'Import it with `Function.fromFunctionAttributes({ functionArn, role })`.',
    source: 'https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html',
  },
  BGP116: {
    rule: 'The function of a hook is in the account and region of the stack.',
    why: 'CodeDeploy calls functions of its own account and region only.',
    fix: 'Deploy the function there, too.',
    source: 'https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html',
  },
  BGP117: {
    rule: 'A smoke test stands in a network with a way out.',
    why: 'Its function reaches EC2 and CodeDeploy from the subnets of the tasks.',
    fix: 'Use a function of yours as the hook `afterAllowTestTraffic`.',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html',
  },
  BGP118: {
    rule: 'Warning `BlueGreenFargatePipeline.oneTask`: the last environment runs more than one task.',
    why: 'Users wait while the only task is replaced, and its zone may fail.',
    fix: 'Give the environment a `taskCount` of 2 or more.',
  },
  BGP119: {
    rule: 'Warning `EcsBlueGreenDeployment.latestImage`: the bootstrap image has a tag that stays.',
    why: '`latest` means another image tomorrow.',
    fix: 'Name another tag, or a digest.',
  },
  BGP120: {
    rule: 'A network has public subnets for a public load balancer.',
    why: 'A load balancer that is reachable from the Internet stands in public subnets.',
    fix: 'Add public subnets, or set `publicLoadBalancer` to false.',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html',
  },
  BGP121: {
    rule: 'A network has private subnets for the tasks.',
    why: 'Tasks have no public addresses.',
    fix: 'Add private subnets with a way out, or isolated ones with a `bootstrapImage`.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/networking-outbound.html',
  },
  BGP122: {
    rule: 'Tasks in isolated subnets have a `bootstrapImage`.',
    why: 'The default comes from ECR Public, which they cannot reach: the service would never become stable.',
    fix: 'Bring an image of an ECR repository, and VPC endpoints for ECR, S3 and CloudWatch Logs.',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html',
  },
  BGP123: {
    rule: 'The subnets of load balancer and tasks lie in at least two availability zones.',
    why: 'An Application Load Balancer is refused in one zone, and tasks in one zone fail with it.',
    fix: 'Add a zone to the network.',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html',
  },
  BGP124: {
    rule: 'A network with a private load balancer knows its addresses.',
    why: 'Only they may reach the load balancer, and the CDK does not know those of every imported network.',
    fix: 'Import the network with `vpcCidrBlock`.',
  },
  BGP125: {
    rule: 'A certificate has the ARN of ACM, or of a server certificate of IAM.',
    why: 'Listeners take no other.',
    fix: 'Copy the ARN from the console of AWS Certificate Manager.',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html',
  },
  BGP126: {
    rule: 'A certificate is in the region of its load balancer.',
    why: 'A listener does not find a certificate of another region.',
    fix: 'Request one in the region of the stack.',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html',
  },
  BGP127: {
    rule: 'A stack whose load balancer writes access logs names its region, and the bucket is there.',
    why: 'A load balancer writes to no other region. Who writes differs between regions, and the policy of the bucket must say who.',
    fix: 'Give the stack `env: { region }`, and a bucket of that region.',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html',
  },
  BGP128: {
    rule: 'A bucket of access logs has no KMS key.',
    why: 'Load balancers write access logs under SSE-S3 only.',
    fix: 'Use `BucketEncryption.S3_MANAGED`.',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html',
  },
  BGP129: {
    rule: 'A rollback alarm is a metric alarm.',
    why: 'CodeDeploy does not watch a composite one: every deployment would stop.',
    fix: 'Add the alarms that it is made of.',
    source: 'https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-create-alarms.html',
  },
  BGP130: {
    rule: 'A deployment is watched by at most 10 alarms, of which the colours take four.',
    why: 'CodeDeploy refuses more.',
    fix: 'Watch the others yourself.',
    source: 'https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_AlarmConfiguration.html',
  },
  BGP131: {
    rule: 'The service has no alarms of its own.',
    why: 'ECS watches alarms in rolling deployments alone, and refuses them under CodeDeploy.',
    fix: 'Use `addRollbackAlarm`.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html',
  },
  // Pipeline
  BGP132: {
    rule: 'A pipeline has at least one environment.',
    why: 'Without one nothing is released.',
    fix: 'Name an environment, or leave `environments` out.',
  },
  BGP133: {
    rule: 'Environments have different names, by more than upper and lower case.',
    why: 'Stages, files and resources are named after them.',
    fix: 'Give each a name of its own.',
  },
  BGP134: {
    rule: 'A pipeline has at most 15 environments, or 14 with a network of its own.',
    why: 'A stack holds at most 500 resources, of which each environment takes 30.',
    fix: 'Spread the environments over several pipelines in several stacks.',
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html',
  },
  BGP135: {
    rule: 'The build image is made for the processor of the tasks.',
    why: 'An image for the other one does not start.',
    fix: 'Change `buildImage` or `cpuArchitecture`.',
  },
  BGP136: {
    rule: 'What is built is said once.',
    why: '`buildSteps` say themselves which Dockerfile and context they build.',
    fix: 'Give them to `BuildSteps.image`, or remove one of the two.',
  },
  BGP137: {
    rule: '`buildSteps` push to the repository of the pipeline.',
    why: 'Tasks pull from there, and may pull from nowhere else.',
    fix: 'Leave the repository out of the steps, or give it to the pipeline, too.',
  },
  BGP138: {
    rule: '`testSteps` try the image out.',
    why: 'The image and the release are made before the test stage; a second one would not be what is deployed.',
    fix: 'Use `BuildSteps.probe`, `BuildSteps.commands` or `BuildSteps.buildSpec`.',
  },
  // Deployment, at synthesis
  BGP139: {
    rule: 'Warning `EcsBlueGreenDeployment.wideTestNetwork`: a network of testers is not wider than `/8`.',
    why: 'An unreleased version would be open to many that you do not know.',
    fix: 'Name the networks of your testers.',
  },
  BGP140: {
    rule: 'At synthesis: the service is controlled by CodeDeploy.',
    why: 'The deployment group, and with it every release, needs it. A service cannot change to it later.',
    fix: 'Remove what changes the service.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html',
  },
  BGP141: {
    rule: 'At synthesis: the service has no circuit breaker.',
    why: 'It is for rolling deployments; CodeDeploy rolls back by itself.',
    fix: 'Remove what changes the service.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html',
  },
  BGP142: {
    rule: 'At synthesis: the service has no deployment strategy of ECS.',
    why: "Two deployers of one service stand in each other's way.",
    fix: 'Use `trafficShift`, and remove what changes the service.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html',
  },
  BGP143: {
    rule: 'At synthesis: the service does not use Service Connect.',
    why: 'ECS refuses it under CodeDeploy.',
    fix: 'Remove what changes the service.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html',
  },
  BGP144: {
    rule: 'At synthesis: the service stands behind the blue target group alone, to which production traffic goes.',
    why: 'CodeDeploy allows one target group; behind another one users get 503 until the first release.',
    fix: 'Remove what changes the service or the listener.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html',
  },
  BGP145: {
    rule: 'At synthesis: the deployment group has two target groups and two listeners, which differ.',
    why: 'CodeDeploy refuses one for both, and two listeners cannot share a port.',
    fix: 'Remove what changes the deployment group or the listeners.',
    source: 'https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_TargetGroupPairInfo.html',
  },
  BGP146: {
    rule: 'At synthesis: both target groups are alike.',
    why: 'The colours swap with every deployment: what one of them does not have is missing every other time.',
    fix: 'Change both alike.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html',
  },
  BGP147: {
    rule: 'At synthesis: the task definition has the container and the port that get the traffic.',
    why: 'The appspec names them, and CodeDeploy refuses a revision without them.',
    fix: 'Remove what changes the container.',
    source: 'https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html',
  },
  BGP148: {
    rule: 'At synthesis: a pipeline asks a person before each deployment, after the one before it.',
    why: 'Without that a push reaches users unseen.',
    fix: 'Add an `ApprovalGate` before the deployment.',
  },
  BGP149: {
    rule: 'At synthesis: the rollback alarms of a deployment in a pipeline tell somebody.',
    why: 'A deployment that rolls back at night would leave no trace in a mailbox.',
    fix: 'Hand each alarm to `PipelineAlarms.notifyOn`, or add an alarm action of yours.',
  },
} as const satisfies { readonly [code: string]: Entry };

/** The stable code of a rule. */
export type Code = keyof typeof CATALOGUE;
