import { aws_ecs as ecs } from 'aws-cdk-lib';
import { lengthBeyond, utf8Bytes } from '../../private/deployed-length';
import { renderedProperties } from '../../private/rendered-properties';
import { violation, Violations } from '../../private/violations';

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const MAX_TASK_DEFINITION_BYTES = 64 * 1024;

/** A task definition that ECS rejects as too large, such as one with very long environment variables. */
export function taskDefinitionSizeViolation(definition: ecs.FargateTaskDefinition): Violations {
  const value = renderedProperties(definition.node.defaultChild);
  const length = lengthBeyond({ scope: definition, value, limit: MAX_TASK_DEFINITION_BYTES, count: utf8Bytes });
  return length === undefined ? undefined : violation({
    code: 'BGP168',
    prop: 'taskDefinition',
    rule: `must have at most ${MAX_TASK_DEFINITION_BYTES} bytes as JSON in UTF-8, including all containers and `
      + 'variables',
    got: `${length} bytes`,
    remedy: 'read long values from Systems Manager or S3 when the application starts',
  });
}
