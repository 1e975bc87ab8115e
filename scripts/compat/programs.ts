import { readFileSync } from 'fs';
import { join } from 'path';
import { App, aws_ecs as ecs, Stack } from 'aws-cdk-lib';
import { BlueGreenFargatePipeline, BlueGreenFargatePipelineProps } from '../../src';
import { TemplateJson } from '../../src/cli/template';
import { fullProps, separateConstructs, smallestProps, userNetwork } from '../programs';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'us-east-1', 'cdk.out');

type Fill = (stack: Stack) => void;

/** The programs whose templates a release keeps compatible: with nothing set, with everything set, and what neither of the two has. */
const PROGRAMS: { readonly [name: string]: Fill } = {
  smallest: withProps(() => smallestProps()),
  full: withProps(fullProps),
  arm64: withProps((stack) => ({ ...fullProps(stack), platform: { cpuArchitecture: ecs.CpuArchitecture.ARM64 } })),
  network: withProps((stack) => ({ ...smallestProps(), vpc: userNetwork(stack) })),
  separate: separateConstructs,
};

function withProps(props: (stack: Stack) => BlueGreenFargatePipelineProps): Fill {
  return (stack) => new BlueGreenFargatePipeline(stack, 'P', props(stack));
}

/** The templates of the programs, and of the us-east-1 example as it was last synthesised, by name. */
export function synthesisedPrograms(): { readonly [name: string]: TemplateJson } {
  const templates = Object.entries(PROGRAMS).map(([name, fill]) => [name, templateOf(fill)]);
  return { ...Object.fromEntries(templates), example: exampleTemplate() };
}

function templateOf(fill: Fill): TemplateJson {
  const app = new App({ treeMetadata: false, analyticsReporting: false });
  const stack = new Stack(app, 'Storefront', { env: { region: 'us-east-1' } });
  fill(stack);
  return app.synth().getStackArtifact(stack.artifactId).template as TemplateJson;
}

/** The template that `npm run synth` wrote. */
function exampleTemplate(): TemplateJson {
  return JSON.parse(readFileSync(join(EXAMPLE, 'storefront-dev.template.json'), 'utf8')) as TemplateJson;
}
