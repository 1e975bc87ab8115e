import { Construct } from 'constructs';
import { DashboardDeployment } from './dashboard-deployment';
import { MAX_PROJECTS } from './defaults';
import { PipelineDashboardProps } from './pipeline-dashboard-props';
import { ClaimedName, nameLengthViolation, NameParts, takenNameViolations } from '../private/names';
import { placeViolations, sameEnvironment } from '../private/placement';
import { environmentSuffix } from '../private/shared-checks';
import { propsViolations, StructOptions } from '../private/structs';
import { CDK, CdkType, cdkTypeList, instanceOf, requiredCdkType } from '../private/types';
import { all, Check, formatValue, list, required } from '../private/validation';
import { isValid, violation, Violations } from '../private/violations';

/** The name that each `PipelineDashboard` claims; its other names end in the same way. */
export function claimedNames(parts: Partial<NameParts>): ClaimedName[] {
  return [{ type: 'dashboard', parts }];
}

/** Returns all violations of the props of `PipelineDashboard`. */
export function violations(scope: Construct, id: string, props: PipelineDashboardProps): Violations {
  return [
    placeViolations(scope, id),
    propsViolations(props, propsChecks(scope)),
    takenNameViolations(scope, claimedNames(props)),
  ];
}

export const ALARM: CdkType = {
  type: 'a cloudwatch.IAlarm',
  member: 'alarmArn',
  example: 'alarms.undeliveredAlarm',
};

export function propsChecks(scope: Construct): StructOptions<PipelineDashboardProps> {
  return {
    example: '{ environmentSuffix: "dev" }',
    fields: {
      environmentSuffix,
      pipeline: all(requiredCdkType(CDK.pipeline), sameEnvironment({ code: 'BGP087', scope })),
      projects: all(cdkTypeList(CDK.project), projectCount),
      deployments,
      alarms: cdkTypeList(ALARM),
    },
    combination: nameLengthViolations,
  };
}

const projectCount: Check<unknown[] | undefined> = (prop, projects = []) => (projects.length > MAX_PROJECTS
  ? violation({
    code: 'BGP169',
    prop,
    rule: `must have at most ${MAX_PROJECTS} entries: a widget shows 500 metrics, two for each project`,
    got: String(projects.length),
    remedy: 'pass the others to a second PipelineDashboard with a different suffix',
  })
  : undefined);

const DEPLOYMENT = "new DashboardDeployment('production', 'DeployProduction')";
const deployment = required(DEPLOYMENT, instanceOf(DashboardDeployment, DEPLOYMENT));

/** Two rules of one environment would have one name, so each environment is listed once. */
const deployments = list<DashboardDeployment>({
  example: `[${DEPLOYMENT}]`,
  each: (prop, element, index, elements) => all(deployment, () => (isListedBefore(element, index, elements)
    ? violation({
      code: 'BGP011',
      prop: `${prop}.environmentName`,
      rule: 'must be unique in the list',
      got: `${formatValue(element.environmentName)} again`,
      remedy: 'remove the duplicate',
    })
    : undefined))(prop, element),
});

function isListedBefore(
  element: DashboardDeployment,
  index: number,
  elements: readonly DashboardDeployment[],
): boolean {
  return elements.slice(0, index).some((other) => other?.environmentName === element.environmentName);
}

function nameLengthViolations(props: Partial<PipelineDashboardProps>): Violations {
  const { environmentSuffix: suffix } = props;
  const found = nameLengthViolation({ environmentSuffix: suffix }, { rule: 'rule-approval-rejected' });
  return isValid(found)
    ? props.deployments?.map(({ environmentName }) => nameLengthViolation(
      { environmentName, environmentSuffix: suffix },
      { rule: 'rule-deploy-succeeded' },
    ))
    : found;
}
