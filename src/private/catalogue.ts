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
    rule: '`connectionArn` is the ARN of a connection of CodeConnections, or of its former name CodeStar Connections.',
    why: 'CodePipeline refuses anything else when the pipeline is made, or at its first execution.',
    fix: 'Copy the ARN from the list of connections.',
    source: 'https://docs.aws.amazon.com/dtconsole/latest/userguide/welcome-connections.html',
  },
  BGP021: {
    rule: '`repository` is `owner/name` of at most 1000 characters.',
    why: 'The connection knows the host. An address, or a name with `.git` at its end, is a repository that the host does not have.',
    fix: 'Write `owner/name`, in the case that the host shows.',
    source: 'https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html',
  },
  BGP022: {
    rule: '`branch` is a name that git gives a branch, of at most 1000 characters, without `refs/heads/`.',
    why: 'There can be no such branch, so no push would ever start the pipeline.',
    fix: 'Write the name as `git branch` shows it.',
    source: 'https://git-scm.com/docs/git-check-ref-format',
  },
  BGP023: {
    rule: 'A connection is of the region of the pipeline.',
    why: 'AWS lets most connections be used from other regions, but not those whose host or app belongs to one region. An ARN of another region is most often a copy from another stack, and the pipeline would then depend on two regions.',
    fix: 'Make a connection in the region of the stack; it costs nothing. To use one of another region all the same, hand its ARN over as a parameter of the stack.',
    source: 'https://docs.aws.amazon.com/dtconsole/latest/userguide/welcome-connections-how-it-works-global.html',
  },
  BGP024: {
    rule: 'A connection of `codestar-connections` is of the account of the pipeline.',
    why: 'Only connections of `codeconnections` can be shared with another account.',
    fix: 'Make a connection in the account of the stack, or share a newer one.',
    source: 'https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-share.html',
  },
  BGP025: {
    rule: 'The partition of `connectionArn` is that of its region.',
    why: '`arn:aws` with a region in China, for example, names nothing.',
    fix: 'Copy the ARN from the list of connections.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html',
  },
  // Build
  BGP030: {
    rule: 'A path is relative to the root of the source and stays within it.',
    why: 'A build sees nothing but the source.',
    fix: 'Leave out the leading "/" and every "..".',
  },
  BGP031: {
    rule: 'The name of a build argument has letters, digits and underscores, and does not begin with a digit.',
    why: 'Its value is in the variable `BUILD_ARG_<name>` of the build, and a shell has no other names.',
    fix: 'Rename the `ARG` in the Dockerfile.',
    source: 'https://docs.docker.com/reference/dockerfile/#arg',
  },
  BGP032: {
    rule: 'The id of a build secret has letters, digits, dots, hyphens and underscores, and begins with none of dot and hyphen.',
    why: 'It is part of an option of BuildKit, and the name of a file.',
    fix: 'Rename it here and in `RUN --mount=type=secret`.',
    source: 'https://docs.docker.com/build/building/secrets/',
  },
  BGP033: {
    rule: 'The name of a release file has at most 255 letters, digits, dots, hyphens and underscores.',
    why: 'It is the name of a file at the root of an artifact.',
    fix: 'Take the `releaseFiles` of a deployment as they are.',
  },
  BGP034: {
    rule: '`releaseFiles` do not hold `imageDetail.json`.',
    why: 'The build writes that file itself, and the deploy action reads the image from it.',
    fix: 'Remove it.',
    source: 'https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html',
  },
  BGP035: {
    rule: 'A list of commands has at least one.',
    why: 'A build without a command does nothing and succeeds.',
    fix: 'Give a command, or leave the prop out.',
    source: 'https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html',
  },
  BGP036: {
    rule: 'A build has at most one report of test cases and one of coverage.',
    why: 'A report group is of one type, and a build writes one report into it.',
    fix: 'Give one report the files of both.',
    source: 'https://docs.aws.amazon.com/codebuild/latest/userguide/test-reporting.html',
  },
  BGP037: {
    rule: 'A report has at least one file.',
    why: 'CodeBuild would have nothing to read.',
    fix: 'Give the path that your tool writes to.',
    source: 'https://docs.aws.amazon.com/codebuild/latest/userguide/test-reporting.html',
  },
  BGP038: {
    rule: '`startupTime` is whole seconds from 5 seconds to 20 minutes.',
    why: 'Less is over before a container has started; more lets a broken image hold up the pipeline.',
    fix: 'Give the time that your image needs until its health path answers.',
  },
  BGP039: {
    rule: '`target` is the name of a stage of the Dockerfile (letters, digits, dots, hyphens and underscores after a letter), or its number.',
    why: 'BuildKit takes no other name after `AS`.',
    fix: 'Write what stands after `AS`.',
    source: 'https://docs.docker.com/build/building/multi-stage/',
  },
  BGP040: {
    rule: '`purpose` is one word of at most 16 lower-case letters and digits that begins with a letter.',
    why: 'It stands between hyphens in the names of the project, its bucket and its roles.',
    fix: 'Choose a word such as `lint`.',
  },
  BGP041: {
    rule: '`cacheExpiration` is whole days from 1 to 7.',
    why: 'S3 and ECR count in days, and this library keeps no cache for longer than a week.',
    fix: 'Choose from one to seven days, or bring a bucket or a repository with rules of its own.',
  },
  BGP042: {
    rule: '`timeout` is whole minutes from 5 minutes to 36 hours.',
    why: 'CodeBuild refuses any other when the project is made.',
    fix: 'Choose one within the bounds.',
    source: 'https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html',
  },
  BGP043: {
    rule: '`queuedTimeout` is whole minutes from 5 minutes to 8 hours.',
    why: 'CodeBuild refuses any other when the project is made.',
    fix: 'Choose one within the bounds.',
    source: 'https://docs.aws.amazon.com/codebuild/latest/userguide/builds-working.html',
  },
  BGP044: {
    rule: '`cacheExpiration` does not come with a bucket or a repository of yours.',
    why: 'This library sets no rules on a store that it did not make, so the prop would do nothing.',
    fix: 'Set a life cycle rule on your store, and leave the prop out.',
  },
  BGP045: {
    rule: 'Steps outside of a `BlueGreenFargatePipeline` say themselves what a pipeline would tell them.',
    why: 'Nobody else knows the repository, the port or the path.',
    fix: 'Give the prop to the steps.',
  },
  BGP046: {
    rule: 'The tag of a cache has at most 128 letters, digits, dots, hyphens and underscores, and begins with none of dot and hyphen.',
    why: 'A registry takes no other tag.',
    fix: 'Choose a tag such as `layers`.',
    source: 'https://docs.docker.com/reference/cli/docker/image/tag/',
  },
  BGP047: {
    rule: '`tagOrDigest` is an image tag, or `sha256:` with 64 hexadecimal digits.',
    why: 'A registry has no other images.',
    fix: 'Take the tag or the digest that `aws ecr describe-images` shows.',
    source: 'https://docs.docker.com/reference/cli/docker/image/tag/',
  },
  BGP048: {
    rule: 'The repository of a cache lets the tag of the cache move.',
    why: 'Each build pushes its cache under the same tag. With an immutable tag the second build fails.',
    fix: 'Give the cache a repository of its own, or exclude the tag from immutability.',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html',
  },
  BGP049: {
    rule: 'No secret stands in a variable, a build argument or a command in plain text.',
    why: 'CloudFormation would put the secret itself into the project, where everybody who may look at it can read it.',
    fix: 'Use `buildSecrets` for an image, a variable of type `SECRETS_MANAGER` else.',
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html',
  },
  BGP050: {
    rule: '`docker` is not false beside `repository`.',
    why: 'The commands get the image of the repository, and that needs Docker.',
    fix: 'Remove one of the two.',
  },
  BGP051: {
    rule: 'A retention is a number of days that CloudWatch Logs offers.',
    why: 'It refuses any other when the log group is made.',
    fix: 'Use a member of `logs.RetentionDays`.',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html',
  },
  BGP052: {
    rule: 'The name of an environment variable of a build has letters, digits and underscores, and does not begin with a digit.',
    why: 'The commands run in a shell, which has no other names.',
    fix: 'Rename the variable.',
    source: 'https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html',
  },
  BGP053: {
    rule: 'The name of an environment variable of a build does not begin with `CODEBUILD_`.',
    why: 'CodeBuild keeps these names for itself.',
    fix: 'Rename the variable.',
    source: 'https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html',
  },
  BGP054: {
    rule: 'An environment variable of a project or of an action does not set what the steps set.',
    why: 'It would count more than the value of the steps, and the build would work on something else.',
    fix: 'Rename the variable, or give the value to the steps.',
    source: 'https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html',
  },
  BGP056: {
    rule: 'A variable of type `SECRETS_MANAGER` or `PARAMETER_STORE` holds the name of a secret or of a parameter.',
    why: 'CodeBuild looks the value up at the start of a build, which fails when there is no such name.',
    fix: 'Give the name, or the ARN of a secret, with key, stage and version after colons.',
    source: 'https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html',
  },
  BGP057: {
    rule: '`stageName` has at most 100 letters, digits, dots, hyphens, underscores and @.',
    why: 'CodePipeline refuses any other name of a stage or an action.',
    fix: 'Choose a name such as `Lint`.',
    source: 'https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StageDeclaration.html',
  },
  BGP058: {
    rule: 'Each input of a build is another artifact, and its output is made by no other action.',
    why: 'CodePipeline refuses a pipeline that makes an artifact twice, or hands one in twice.',
    fix: 'Give each artifact a name of its own.',
    source: 'https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-action-artifacts.html',
  },
  BGP059: {
    rule: 'A build has at most 5 inputs, `input` included.',
    why: 'An action of CodeBuild takes no more.',
    fix: 'Let one build hand on what another needs.',
    source: 'https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-action-artifacts.html',
  },
  BGP060: {
    rule: '`buildkitImage` is the name of an image, with a tag or a digest where you want one.',
    why: 'The build starts BuildKit from it, and Docker takes no other name.',
    fix: 'Write host, path and tag, as for `docker pull`.',
    source: 'https://docs.docker.com/reference/cli/docker/image/tag/',
  },
  BGP061: {
    rule: 'A buildspec has at most 25600 characters.',
    why: 'CodeBuild refuses a longer one when the project is made. Each environment of a pipeline adds its task definition.',
    fix: 'Move long commands into a script of the source, long values into Parameter Store, or environments into a pipeline of their own.',
    source: 'https://github.com/aws/aws-cdk/issues/30326',
  },
  BGP062: {
    rule: '`timeout` is longer than the `startupTime` of the steps.',
    why: 'The build would be stopped before the image has had its time.',
    fix: 'Change one of the two.',
  },
  BGP063: {
    rule: 'The environment variables of an action have at most 1000 characters as JSON.',
    why: 'They are one value of the configuration of the action, and CodePipeline takes none that is longer.',
    fix: 'Give those that are known at synthesis to the project.',
    source: 'https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html',
  },
  BGP064: {
    rule: 'A buildspec of yours is an object, or the name of a file in the source.',
    why: 'One that is made from a local file needs a place in the construct tree and a permission that this library does not give.',
    fix: 'Use `BuildSpec.fromObject`, `BuildSpec.fromObjectToYaml` or `BuildSpec.fromSourceFilename`.',
  },
  BGP065: {
    rule: 'The name of an environment variable of the container has no spaces and no "=".',
    why: 'Docker splits name and value at the first "=".',
    fix: 'Rename the variable.',
    source: 'https://docs.docker.com/reference/cli/docker/container/run/',
  },
  BGP070: {
    rule: 'The `buildSteps` of a pipeline make an image.',
    why: 'What is deployed is an image.',
    fix: 'Use `BuildSteps.image` or `BuildSteps.buildSpec`; other commands have their place in `testSteps`.',
  },
  BGP071: {
    rule: 'A buildspec in `buildSteps` exports `IMAGE_URI`.',
    why: 'The stages after it know the image by nothing else.',
    fix: 'Set `IMAGE_URI` to the image by digest, and list it under `env`, `exported-variables`.',
    source: 'https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html',
  },
  BGP075: {
    rule: 'A build image has a tag other than `latest`, or a digest (a warning).',
    why: '`latest` is another image from one day to the next, and a build that worked can fail without a change of yours.',
    fix: 'Name a version, or acknowledge the warning.',
    source: 'https://docs.docker.com/reference/cli/docker/image/pull/',
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
