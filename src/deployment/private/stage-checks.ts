import { aws_cloudwatch as cloudwatch, aws_codepipeline as codepipeline, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { sameEnvironment, stageViolations } from '../../private/placement';
import { struct } from '../../private/structs';
import { CdkType, requiredCdkType } from '../../private/types';
import { mutableRole } from '../../private/user-roles';
import { all, Check } from '../../private/validation';
import { firstViolation, violation, Violations } from '../../private/violations';
import { MAX_ALARMS, ROLLBACK_ALARMS } from '../defaults';
import { DeployStageOptions } from '../deploy-stage-options';

const ALARM: CdkType = {
  type: 'a cloudwatch.IAlarm',
  member: 'alarmArn',
  example: 'errors.createAlarm(this, "Errors", { … })',
};

const metricAlarm: Check<cloudwatch.IAlarm> = (prop, alarm) => (alarm instanceof cloudwatch.CompositeAlarm
  ? violation({
    code: 'BGP129',
    prop,
    rule: 'must be a metric alarm: CodeDeploy does not watch composite alarms',
    remedy: 'add the metric alarms that the composite alarm combines',
  })
  : undefined);

/**
 * An alarm that CodeDeploy finds by its name: in the same account and region. Those of an alarm that is imported by ARN
 * are only in the ARN.
 */
function alarmInEnvironment(scope: Construct): Check<cloudwatch.IAlarm> {
  const here = sameEnvironment({ code: 'BGP087', scope });
  return (prop, alarm) => {
    const [, , , region, account] = alarm.alarmArn.split(':');
    return here(prop, Token.isUnresolved(alarm.alarmArn) ? alarm : { env: { region, account } });
  };
}

/** Checks an additional rollback alarm. */
export function alarmViolations(scope: Construct, alarm: cloudwatch.IAlarm, watched: number): Violations {
  return [
    all(requiredCdkType(ALARM), metricAlarm, alarmInEnvironment(scope))('alarm', alarm),
    watched < MAX_ALARMS ? undefined : violation({
      code: 'BGP130',
      prop: 'addRollbackAlarm',
      rule: `can be called at most ${MAX_ALARMS - ROLLBACK_ALARMS} times: CodeDeploy watches ${MAX_ALARMS} alarms `
        + `per deployment group, and ${ROLLBACK_ALARMS} are the blue/green alarms`,
      remedy: 'combine several metrics in one alarm with a math expression',
    }),
  ];
}

export interface DeployStageChecksOptions {
  readonly deployment: Construct & { readonly stageName: string };
  readonly pipeline: codepipeline.Pipeline;
  readonly options: DeployStageOptions;
}

/** Checks the place of a deployment in a pipeline. */
export function deployStageViolations({ deployment, pipeline, options }: DeployStageChecksOptions): Violations {
  return [
    firstViolation(
      () => stageViolations({
        construct: deployment,
        child: 'ActionRole',
        pipeline,
        stageName: deployment.stageName,
      }),
      () => mutableRole('pipeline', pipeline.role),
    ),
    deployStageOptions('options', options),
  ];
}

const deployStageOptions = struct<DeployStageOptions>({
  example: '{ release }',
  fields: {
    release: requiredCdkType({
      type: 'a codepipeline.Artifact',
      member: 'atPath',
      example: 'new codepipeline.Artifact("Release")',
      isValue: true,
    }),
  },
});
