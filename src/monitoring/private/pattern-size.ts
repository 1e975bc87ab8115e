import { aws_events as events } from 'aws-cdk-lib';
import { lengthBeyond } from '../../private/deployed-length';
import { renderedProperties } from '../../private/rendered-properties';
import { violation, Violations } from '../../private/violations';
import { MAX_PATTERN_LENGTH } from '../defaults';

/** A rule whose event pattern is too long for EventBridge; `prop` is the list that makes it long. */
export function patternViolation(prop: string, rule: events.Rule): Violations {
  const { EventPattern: value } = renderedProperties(rule.node.defaultChild);
  const length = lengthBeyond({ scope: rule, value, limit: MAX_PATTERN_LENGTH });
  return length === undefined ? undefined : violation({
    code: 'BGP166',
    prop,
    rule: `must render to an event pattern of at most ${MAX_PATTERN_LENGTH} characters`,
    got: String(length),
    remedy: 'pass the others to a second PipelineAlarms with a different suffix',
  });
}
