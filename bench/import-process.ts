import { createRequire } from 'module';

/**
 * The process that times one import: of the package, or, with file names as arguments, of just those files.
 *
 * CDK's modules load when they are first touched, so "the same CDK modules" is not a list that one could write down: it is
 * what importing the package has loaded of them, in that order, which `cdkFiles` tells.
 */
function main(files: string[]): void {
  const load = createRequire(__filename);
  const before = process.cpuUsage();
  const start = process.hrtime.bigint();
  if (files.length === 0) {
    load('@org/bluegreen-pipeline');
  } else {
    files.filter((file) => !(file in load.cache)).forEach((file) => load(file));
  }
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  const { user, system } = process.cpuUsage(before);
  const cdkFiles = Object.keys(load.cache).filter((file) => /\/node_modules\/(aws-cdk-lib|constructs)\//.test(file));
  console.log(JSON.stringify({ milliseconds, cpuMilliseconds: (user + system) / 1e3, megabytes: process.resourceUsage().maxRSS / 1024, cdkFiles }));
}

main(process.argv.slice(2));
