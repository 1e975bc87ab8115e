import { App, Stack } from 'aws-cdk-lib';

type Storefront = new (scope: App, id: string, suffix: string) => Stack;

/** The measured process: an app with a number of pipelines, each in its own stack, up to the written cloud assembly. */
async function main([contestant, pipelines, outdir]: string[]): Promise<void> {
  const { Storefront } = await import(`./contestants/${contestant}`) as { Storefront: Storefront };
  const start = process.hrtime.bigint();
  const app = new App({ outdir });
  for (let index = 0; index < Number(pipelines); index++) {
    const ending = index === 0 ? '' : String(index);
    new Storefront(app, `Storefront${ending}`, `dev${ending}`);
  }
  app.synth();
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.log(JSON.stringify({ milliseconds, cpuMilliseconds: (userCPUTime + systemCPUTime) / 1e3, megabytes: maxRSS / 1024 }));
}

void main(process.argv.slice(2));
