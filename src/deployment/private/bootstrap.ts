import { aws_ecs as ecs, Token } from 'aws-cdk-lib';

/**
 * The one revision that CloudFormation registers in the family that the service runs.
 *
 * The service cannot start without an image, and the pipeline cannot push one before it exists: so the first tasks run
 * a server of three lines that says yes to every path. Everything here is frozen. A second revision from CloudFormation
 * would be the newest of the family, and the next update of the service would try to run it, which ECS refuses.
 */
const IMAGE = 'public.ecr.aws/docker/library/node:22-alpine';

/** Answers 200 on any path, and stops at once when told to. */
export function bootstrapCommand(port: number): string[] {
  return ['node', '-e', "process.on('SIGTERM',()=>process.exit());"
    + `require('http').createServer((_,answer)=>answer.end('waiting for the first release')).listen(${port})`];
}

/** Adds the container to the bootstrap revision; an image of the user's runs its own command. */
export function addBootstrapContainer(definition: ecs.FargateTaskDefinition, options: {
  readonly containerName: string;
  readonly containerPort: number;
  readonly image?: ecs.ContainerImage;
  readonly logging: ecs.LogDriver;
}): ecs.ContainerDefinition {
  return definition.addContainer(options.containerName, {
    containerName: options.containerName,
    image: options.image ?? ecs.ContainerImage.fromRegistry(IMAGE),
    command: options.image ? undefined : bootstrapCommand(options.containerPort),
    portMappings: [{ containerPort: options.containerPort }],
    logging: options.logging,
  });
}

/** Whether an image is named by the tag `latest`, in so many words or by leaving the tag out; what only AWS knows is not judged. */
export function isLatest(imageName: string): boolean {
  return imageName.endsWith(':latest') || (!Token.isUnresolved(imageName) && !/[:@]/.test(imageName.slice(imageName.lastIndexOf('/') + 1)));
}
