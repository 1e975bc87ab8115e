/** BGP001 to BGP019: what every construct checks alike. */
export const ANYWHERE = {
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
} as const;
