/** BGP080 to BGP089: approval, artifacts, alarms, dashboard and credentials. */
export const OTHER_ROOMS = {
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
    why: 'Nobody is asked: the gate is a topic and no more.',
    fix: 'Call `addToPipeline` before the stage that deploys.',
  },
} as const;
