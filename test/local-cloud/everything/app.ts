import { App, aws_ecs as ecs, aws_lambda as lambda, Stack } from 'aws-cdk-lib';
import { fullProps } from '../../../scripts/programs';
import {
  BlueGreenFargatePipeline, BuildCache, BuildImage, BuildReport, BuildSteps, PipelineEnvironment,
} from '../../../src';

/** Everything set, so that the emulator meets whatever the library can make. */
const stack = new Stack(new App(), 'everything', { env: { region: 'us-east-1' } });
const { environments, platform, ...props } = fullProps(stack);
const hook = new lambda.Function(stack, 'Hook', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline('exports.handler = async () => {};'),
});

new BlueGreenFargatePipeline(stack, 'Pipeline', {
  ...props,
  platform: {
    ...platform,
    cpuArchitecture: ecs.CpuArchitecture.ARM64,
    buildImage: BuildImage.AMAZON_LINUX_2023_ARM64,
  },
  buildSteps: BuildSteps.image({
    dockerfile: 'service/Dockerfile',
    context: 'service',
    cache: BuildCache.registry(),
    reports: [BuildReport.junit(['junit.xml']), BuildReport.clover(['clover.xml'])],
  }),
  // A role that is brought must exist, and here none does: the emulator is as strict about that as AWS.
  environments: environments!.map(({ name, options: { approval, hooks = {}, ...options } }) => {
    const { smokeTest, ...events } = hooks;
    const own = Object.fromEntries(Object.keys(events).map((event) => [event, hook]));
    return new PipelineEnvironment(name, { ...options, hooks: { smokeTest, ...own } });
  }),
});
