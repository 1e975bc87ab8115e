import { aws_ecs as ecs, Token } from 'aws-cdk-lib';

/**
 * The only revision that CloudFormation registers in the family that the service runs.
 *
 * The service cannot start without an image, and the pipeline cannot push one before the service exists: so the
 * first tasks run a minimal server that answers 200 on every path. Everything here is frozen. A second revision
 * from CloudFormation would be the newest of the family, and the next update of the service would try to run it,
 * which ECS rejects.
 */
const IMAGE = 'public.ecr.aws/docker/library/node:22-alpine';

/** The size of the first tasks, independent of the size of a release. */
export const BOOTSTRAP_SIZE = { cpu: 256, memoryLimitMiB: 512 };

/** Returns a command that answers 200 on any path, and stops at once on SIGTERM. */
export function bootstrapCommand(port: number): string[] {
  const server = "process.on('SIGTERM',()=>process.exit());"
    + `require('http').createServer((_,answer)=>answer.end('waiting for the first release')).listen(${port})`;
  return ['node', '-e', server];
}

export interface BootstrapContainerOptions {
  readonly containerName: string;
  readonly containerPort: number;
  readonly image?: ecs.ContainerImage;
  readonly logging: ecs.LogDriver;
}

/** Adds the container to the bootstrap revision; the user's own image runs its own command. */
export function addBootstrapContainer(
  definition: ecs.FargateTaskDefinition,
  options: BootstrapContainerOptions,
): ecs.ContainerDefinition {
  const { containerName, containerPort, image, logging } = options;
  return definition.addContainer(containerName, {
    containerName,
    image: image ?? ecs.ContainerImage.fromRegistry(IMAGE),
    command: image ? undefined : bootstrapCommand(containerPort),
    portMappings: [{ containerPort }],
    logging,
  });
}

/** Returns true if an image has the tag `latest`, explicitly or by default; a name that only AWS knows is ignored. */
export function isLatest(imageName: string): boolean {
  const lastPart = imageName.slice(imageName.lastIndexOf('/') + 1);
  const untagged = !Token.isUnresolved(imageName) && !/[:@]/.test(lastPart);
  return imageName.endsWith(':latest') || untagged;
}
