/*
 * Feeds good and bad values, as outsiders thought of them, to the constructs and value classes of the library. The table is
 * values.json, and subjects.json has what a subject needs beside the value; test/python/test_values.py feeds the same to the wheel.
 * In both, an object with a key that begins with "$" stands for what JSON does not have.
 */
const { readFileSync } = require('fs');
const { join } = require('path');

const [TABLE, SUBJECTS] = ['values.json', 'subjects.json'].map((file) => JSON.parse(readFileSync(join(__dirname, file), 'utf8')));

/** A violation of the library, which ends with its code and the link to its explanation. */
const CODED = / \[BGP\d{3}\] https:\/\/\S+#bgp\d{3}$/m;

/** The parameters that stand before the options, of the subjects that have any. */
const PARAMETERS = {
  'DashboardDeployment': ['environmentName', 'stageName'],
  'BuildImage.fromEcrRepository': ['repository', 'tagOrDigest'],
  'RegistryLogin.fromSecret': ['secret'],
  'BuildSteps.commands': ['commands'],
  'BuildReport.junit': ['files'],
};

/** Makes a subject in a stack: a construct, or what the static method after the dot gives. Good values for what is required are added. */
function make(subject, stack, props, library, cdk) {
  const project = (environmentVariables) => make('CachedBuildProject', stack, { environmentVariables }, library, cdk);
  switch (subject) {
    case 'CachedBuildProject.variable': return project({ [props.name]: { value: '' } });
    case 'CachedBuildProject.secretVariable': return project({ A: { value: props.value, type: 'SECRETS_MANAGER' } });
    case 'CachedBuildProject.parameterVariable': return project({ A: { value: props.value, type: 'PARAMETER_STORE' } });
  }
  const required = Object.entries(SUBJECTS[subject] ?? {}).filter(([prop]) => !(prop in props))
    .map(([prop, entry]) => [prop, valueOf(entry, stack, library, cdk)]);
  const options = { ...Object.fromEntries(required), ...props };
  const first = (PARAMETERS[subject] ?? []).map((name) => options[name]);
  (PARAMETERS[subject] ?? []).forEach((name) => delete options[name]);
  const [name, method] = subject.split('.');
  if (method) {
    return library[name][method](...first, options);
  }
  return first.length > 0 ? new library[name](...first) : new library[name](stack, 'Subject', options);
}

/** Something that a user brings along. */
function given(kind, scope, library, { aws_certificatemanager: acm, aws_codepipeline: codepipeline, aws_ec2: ec2, aws_ecr: ecr, aws_iam: iam, aws_s3: s3, aws_secretsmanager: secretsmanager }) {
  const arn = (service, resource) => `arn:aws:${service}:us-east-1:111111111111:${resource}`;
  return {
    bucket: () => s3.Bucket.fromBucketName(scope, 'Bucket', 'acme-logs'),
    certificate: () => acm.Certificate.fromCertificateArn(scope, 'Certificate', arn('acm', 'certificate/0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c')),
    pipeline: () => codepipeline.Pipeline.fromPipelineArn(scope, 'Pipeline', arn('codepipeline', 'theirs')),
    repository: () => ecr.Repository.fromRepositoryName(scope, 'Repository', 'brought'),
    login: () => library.RegistryLogin.fromSecret(given('secret', scope, library, { aws_secretsmanager: secretsmanager })),
    secret: () => secretsmanager.Secret.fromSecretNameV2(scope, 'Secret', 'brought'),
    role: () => iam.Role.fromRoleName(scope, 'Role', 'leads'),
    roleOfIdentityCenter: () => iam.Role.fromRoleArn(scope, 'Lead', 'arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Lead_0123456789abcdef'),
    roleOfPermissionSet: () => iam.Role.fromRoleName(scope, 'Set', 'AWSReservedSSO_Lead_0123456789abcdef'),
    serviceLinkedRole: () => iam.Role.fromRoleArn(scope, 'Linked', 'arn:aws:iam::111111111111:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS'),
    source: () => library.PipelineSource.connection(SUBJECTS['PipelineSource.connection']),
    sourceInEurope: () => library.PipelineSource.connection({
      connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d', repository: 'acme/storefront',
    }),
    steps: () => library.BuildSteps.commands(['npm test']),
    vpc: () => new ec2.Vpc(scope, 'Vpc'),
  }[kind]();
}

/** Returns the value that an entry of the table represents. */
function valueOf(entry, scope, library, cdk) {
  if (Array.isArray(entry)) {
    return entry.map((element) => valueOf(element, scope, library, cdk));
  }
  if (typeof entry !== 'object' || entry === null) {
    return entry;
  }
  const { $a, $duration, $environment, $number, $repeat, $token, $undefined, before = '', after = '', ...others } = entry;
  if ($undefined) {
    return undefined;
  }
  if ($a) {
    return given($a, scope, library, cdk);
  }
  if ($duration) {
    return cdk.Duration[$duration[0]]($duration[1]);
  }
  if ($number) {
    return Number($number);
  }
  if ($repeat) {
    return before + $repeat[0].repeat($repeat[1]) + after;
  }
  if ($token) {
    const { Duration, Lazy } = cdk;
    return {
      text: () => Lazy.string({ produce: () => 'later' }),
      number: () => Lazy.number({ produce: () => 1 }),
      list: () => Lazy.list({ produce: () => ['later'] }),
      duration: () => Duration.minutes(Lazy.number({ produce: () => 7 })),
    }[$token]();
  }
  const values = Object.fromEntries(Object.entries(others).map(([key, value]) => [key, valueOf(value, scope, library, cdk)]));
  return '$environment' in entry ? new library.PipelineEnvironment(valueOf($environment, scope, library, cdk), values) : values;
}

/** Everything that is wrong about how the library takes the values of a row, in words. With `synth` what is good must synthesise, too. */
function feed(library, cdk, { subject, prop, good, bad }, { synth = false } = {}) {
  const fed = (entry, finish, judge) => {
    const stack = new cdk.Stack(new cdk.App({ treeMetadata: false }), 'Storefront', { env: { region: 'us-east-1' } });
    const value = valueOf(entry, stack, library, cdk);
    let error;
    try {
      make(subject, stack, prop.split('.').reduceRight((inner, key) => ({ [key]: inner }), value), library, cdk);
      finish(stack);
    } catch (thrown) {
      error = thrown;
    }
    const wrong = judge(error, stack);
    return wrong ? [`${JSON.stringify(entry)} ${wrong}`] : [];
  };
  const taken = (error) => error && `is good and was refused: ${error.message}`;
  const refused = (error, stack) => {
    if (!error) {
      return 'is bad and was accepted';
    }
    if (error.name !== 'InvalidInputError' || !CODED.test(error.message)) {
      return `was met with ${error.stack}`;
    }
    return stack.node.tryFindChild('Subject') && 'left a half-made construct behind';
  };
  return [
    ...good.flatMap((entry) => fed(entry, (stack) => synth && synthesise(stack), taken)),
    ...bad.flatMap((entry) => fed(entry, () => undefined, refused)),
  ];
}

/** A room on its own may lack what only a pipeline has, which the library itself reports with a code; anything else is an error. */
function synthesise(stack) {
  const found = stack.node.findAll().flatMap((construct) => construct.node.validate()).filter((problem) => !CODED.test(problem));
  if (found.length > 0) {
    throw new Error(found.join('\n'));
  }
  stack.node.root.synth({ skipValidation: true });
}

module.exports = { TABLE, feed, valueOf };

if (require.main === module) {
  const [library, cdk] = [require('@org/bluegreen-pipeline'), require('aws-cdk-lib')];
  const wrong = TABLE.flatMap((row) => feed(library, cdk, row).map((words) => `${row.subject}.${row.prop}: ${words}`));
  console.log(wrong.join('\n'));
  process.exitCode = wrong.length > 0 ? 1 : 0;
}
