/*
 * Feeds good and bad values, as outsiders thought of them, to the constructs and value classes of the library. The table is
 * values.json; test/python/test_values.py feeds the same to the wheel. In the table, an object with a key that begins with "$"
 * stands for what JSON does not have.
 */
const { readFileSync } = require('fs');
const { join } = require('path');

const TABLE = JSON.parse(readFileSync(join(__dirname, 'values.json'), 'utf8'));

const CONNECTION_ARN = 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d';

/** A violation of the library, which ends with its code and the link to its explanation. */
const CODED = / \[BGP\d{3}\] https:\/\/\S+#bgp\d{3}$/m;

/** How each subject is made in a stack, with good values for what is required. */
function makers(library, cdk) {
  const { aws_ecr: ecr } = cdk;
  const images = (stack) => ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
  const pipeline = (stack) => given('pipeline', stack, library, cdk);
  const emails = () => ['team@example.com'];
  const construct = (name, required) => (stack, props) => {
    const made = Object.entries(required).filter(([prop]) => !(prop in props)).map(([prop, make]) => [prop, make(stack)]);
    return new library[name](stack, 'Subject', { environmentSuffix: 'dev', ...Object.fromEntries(made), ...props });
  };
  const project = (stack, environmentVariables) =>
    construct('CachedBuildProject', { steps: () => library.BuildSteps.commands(['npm test']) })(stack, { environmentVariables });
  return {
    'BlueGreenFargatePipeline': construct('BlueGreenFargatePipeline', {
      source: () => library.PipelineSource.connection({ connectionArn: CONNECTION_ARN, repository: 'acme/storefront' }),
      notificationEmails: emails,
      // One of the default's two, which halves the time.
      environments: () => [library.PipelineEnvironment.production()],
    }),
    'SecureArtifactBucket': construct('SecureArtifactBucket', {}),
    'CachedBuildProject': construct('CachedBuildProject', { steps: () => library.BuildSteps.commands(['npm test']) }),
    'CachedBuildProject.variable': (stack, { name }) => project(stack, { [name]: { value: '' } }),
    'CachedBuildProject.secretVariable': (stack, { value }) => project(stack, { A: { value, type: 'SECRETS_MANAGER' } }),
    'CachedBuildProject.parameterVariable': (stack, { value }) => project(stack, { A: { value, type: 'PARAMETER_STORE' } }),
    'ApprovalGate': construct('ApprovalGate', { environmentName: () => 'live', approverEmails: emails }),
    'EcsBlueGreenDeployment': construct('EcsBlueGreenDeployment', { environmentName: () => 'live', repository: images }),
    'PipelineAlarms': construct('PipelineAlarms', { pipeline, notificationEmails: emails }),
    'PipelineDashboard': construct('PipelineDashboard', { pipeline }),
    'RegistryCredentials': construct('RegistryCredentials', {}),
    'DashboardDeployment': (_, props) => {
      const { environmentName, stageName } = { environmentName: 'live', stageName: 'DeployLive', ...props };
      return new library.DashboardDeployment(environmentName, stageName);
    },
    'Approval.byEmail': (_, props) => library.Approval.byEmail(props),
    'PipelineSource.connection': (_, props) => library.PipelineSource.connection({ connectionArn: CONNECTION_ARN, repository: 'acme/storefront', ...props }),
    'BuildImage.fromEcrRepository': (stack, { tagOrDigest }) => library.BuildImage.fromEcrRepository(images(stack), tagOrDigest),
    'BuildCache.registry': (_, props) => library.BuildCache.registry(props),
    'RegistryLogin.fromSecret': (stack, options) => library.RegistryLogin.fromSecret(given('secret', stack, library, cdk), options),
    'BuildSteps.image': (_, props) => library.BuildSteps.image(props),
    'BuildSteps.probe': (_, props) => library.BuildSteps.probe(props),
    'BuildSteps.release': (_, props) => library.BuildSteps.release(props),
    'BuildSteps.commands': (_, { commands }) => library.BuildSteps.commands(commands),
    'BuildReport.junit': (_, { files }) => library.BuildReport.junit(files),
    'TrafficShift.canary': (_, props) => library.TrafficShift.canary({ percentage: 20, interval: cdk.Duration.minutes(5), ...props }),
    'TrafficShift.linear': (_, props) => library.TrafficShift.linear({ percentage: 20, interval: cdk.Duration.minutes(5), ...props }),
    'SmokeTest.http': (_, props) => library.SmokeTest.http({ path: '/products', ...props }),
  };
}

/** Something that a user brings along. */
function given(kind, scope, library, { aws_certificatemanager: acm, aws_codepipeline: codepipeline, aws_ec2: ec2, aws_ecr: ecr, aws_s3: s3, aws_secretsmanager: secretsmanager }) {
  const arn = (service, resource) => `arn:aws:${service}:us-east-1:111111111111:${resource}`;
  return {
    bucket: () => s3.Bucket.fromBucketName(scope, 'Bucket', 'acme-logs'),
    certificate: () => acm.Certificate.fromCertificateArn(scope, 'Certificate', arn('acm', 'certificate/0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c')),
    pipeline: () => codepipeline.Pipeline.fromPipelineArn(scope, 'Pipeline', arn('codepipeline', 'theirs')),
    repository: () => ecr.Repository.fromRepositoryName(scope, 'Repository', 'brought'),
    login: () => library.RegistryLogin.fromSecret(given('secret', scope, library, { aws_secretsmanager: secretsmanager })),
    secret: () => secretsmanager.Secret.fromSecretNameV2(scope, 'Secret', 'brought'),
    vpc: () => new ec2.Vpc(scope, 'Vpc'),
  }[kind]();
}

/** What an entry of the table stands for. */
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
  const make = makers(library, cdk)[subject];
  const fed = (entry, finish, judge) => {
    const stack = new cdk.Stack(new cdk.App(), 'Storefront', { env: { region: 'us-east-1' } });
    const value = valueOf(entry, stack, library, cdk);
    let error;
    try {
      make(stack, prop.split('.').reduceRight((inner, key) => ({ [key]: inner }), value));
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
