import { aws_cloudwatch as cloudwatch, Resource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { PipelineAlarmsProps } from './pipeline-alarms-props';
import { ClaimedName, nameLengthViolation, NameParts, takenNameViolations } from '../private/names';
import { placeViolations, sameEnvironment } from '../private/placement';
import { emails, environmentSuffix } from '../private/shared-checks';
import { propsViolations, StructOptions } from '../private/structs';
import { CDK, CdkType, cdkType, cdkTypeList, requiredCdkType } from '../private/types';
import { all, Check, required, wrongType } from '../private/validation';
import { Violations } from '../private/violations';

/** The name that each `PipelineAlarms` claims first; its other names end in the same way. */
export function claimedNames(parts: Partial<NameParts>): ClaimedName[] {
  return [{ type: 'topic-alerts', parts }];
}

/** Returns all violations of the props of `PipelineAlarms`. */
export function violations(scope: Construct, id: string, props: PipelineAlarmsProps): Violations {
  return [
    placeViolations(scope, id),
    propsViolations(props, propsChecks(scope)),
    takenNameViolations(scope, claimedNames(props)),
  ];
}

const DEPLOYMENT_GROUP: CdkType = {
  type: 'a codedeploy.IEcsDeploymentGroup',
  member: 'deploymentGroupName',
  example: 'production.deploymentGroup',
};

const RULE: CdkType = {
  type: 'an events.IRule',
  member: 'ruleName',
  example: 'dashboard.rules[0]',
};

export function propsChecks(scope: Construct): StructOptions<PipelineAlarmsProps> {
  const here = sameEnvironment({ code: 'BGP087', scope });
  return {
    example: '{ environmentSuffix: "dev" }',
    fields: {
      environmentSuffix,
      pipeline: all(requiredCdkType(CDK.pipeline), here),
      notificationEmails: emails,
      projects: cdkTypeList(CDK.project, here),
      deploymentGroups: cdkTypeList(DEPLOYMENT_GROUP, here),
      watchedRules: cdkTypeList(RULE, here),
    },
    combination: (props) => nameLengthViolation(
      { environmentSuffix: props.environmentSuffix },
      { rule: 'rule-deployment-failed' },
    ),
  };
}

const ALARM: CdkType = {
  type: 'a cloudwatch.Alarm or cloudwatch.CompositeAlarm',
  member: 'addAlarmAction',
  example: 'metric.createAlarm(…)',
};

/** An imported alarm ignores the actions that are added to it. */
const createdAlarm: Check<cloudwatch.AlarmBase> = (prop, alarm) => (Resource.isOwnedResource(alarm)
  ? undefined
  : wrongType({ prop, type: ALARM.type, value: alarm, example: ALARM.example }));

/** Checks an alarm that is to publish to a topic in `scope`. */
export function alarmViolations(scope: Construct, alarm: unknown): Violations {
  const here = sameEnvironment({ code: 'BGP087', scope });
  return required(ALARM.example, cdkType(ALARM), createdAlarm, here)('alarm', alarm);
}
