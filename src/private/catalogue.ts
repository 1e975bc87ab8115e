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
    rule: 'taskCount',
    why: '',
    fix: '',
  },
  BGP091: {
    rule: 'maxTaskCount',
    why: '',
    fix: '',
  },
  BGP093: {
    rule: 'terminationWaitTime',
    why: '',
    fix: '',
  },
  BGP094: {
    rule: 'testListenerCidrs',
    why: '',
    fix: '',
  },
  BGP095: {
    rule: 'rollbackErrorRate',
    why: '',
    fix: '',
  },
  BGP096: {
    rule: 'rollbackMinimumRequests',
    why: '',
    fix: '',
  },
  BGP100: {
    rule: 'percentage',
    why: '',
    fix: '',
  },
  BGP101: {
    rule: 'interval',
    why: '',
    fix: '',
  },
  BGP110: {
    rule: 'status',
    why: '',
    fix: '',
  },
  BGP111: {
    rule: 'body',
    why: '',
    fix: '',
  },
  BGP112: {
    rule: 'host',
    why: '',
    fix: '',
  },
  BGP113: {
    rule: 'timeout',
    why: '',
    fix: '',
  },
} as const satisfies { readonly [code: string]: Entry };

/** The stable code of a rule. */
export type Code = keyof typeof CATALOGUE;
