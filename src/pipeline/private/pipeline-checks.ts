import { Construct } from 'constructs';
import { defaultEnvironments } from './default-environments';
import { environmentsChecks } from './environments-checks';
import { platformChecks, storageChecks } from './group-checks';
import { operatorRoles } from './operator-checks';
import { claimedNames as gateNames } from '../../approval/approval-gate-checks';
import { claimedNames as bucketNames } from '../../artifacts/secure-artifact-bucket-checks';
import { BuildSteps } from '../../codebuild/build-steps';
import { claimedNames as projectNames } from '../../codebuild/cached-build-project-checks';
import { RegistryLogin } from '../../codebuild/registry-login';
import { claimedNames as credentialsNames } from '../../credentials/registry-credentials-checks';
import { claimedNames as deploymentNames, SHARED_FIELDS } from '../../deployment/deployment-checks';
import { claimedNames as alarmsNames } from '../../monitoring/pipeline-alarms-checks';
import { claimedNames as dashboardNames } from '../../monitoring/pipeline-dashboard-checks';
import { ClaimedName, takenNameViolations } from '../../private/names';
import { placeViolations } from '../../private/placement';
import { emails, environmentSuffix, optionalEmails } from '../../private/shared-checks';
import { propsViolations, StructOptions } from '../../private/structs';
import { instanceOf } from '../../private/types';
import { Check, isInStack, isObject, optional, required } from '../../private/validation';
import { violation, Violations } from '../../private/violations';
import { PipelineSource } from '../../source/pipeline-source';
import { BlueGreenFargatePipelineProps } from '../blue-green-fargate-pipeline-props';

/** Returns all violations of the props of a pipeline, including those of its modules. */
export function pipelineViolations(scope: Construct, id: string, props: BlueGreenFargatePipelineProps): Violations {
  return [
    placeViolations(scope, id),
    propsViolations(props, propsChecks(scope, props)),
    takenNameViolations(scope, isObject(props) ? claimedNames(props) : []),
  ];
}

export function propsChecks(
  scope: Construct,
  props: BlueGreenFargatePipelineProps,
): StructOptions<BlueGreenFargatePipelineProps> {
  const { vpc, platform } = props ?? {};
  const context = { scope, vpc, bootstrapImage: platform?.bootstrapImage };
  const { repository, containerPort, healthCheckPath } = SHARED_FIELDS;
  return {
    example: '{ environmentSuffix: "dev" }',
    fields: {
      environmentSuffix,
      source: source(scope),
      notificationEmails: emails,
      approverEmails: optionalEmails,
      environments: environmentsChecks(context, props?.environmentSuffix),
      vpc: SHARED_FIELDS.vpc,
      containerPort,
      healthCheckPath,
      repository,
      buildSteps: optional(instanceOf(BuildSteps, 'BuildSteps.image()'), asBuildStage(scope)),
      testSteps: optional(instanceOf(BuildSteps, 'BuildSteps.probe()'), asTestStage(scope)),
      registryCredentials: instanceOf(RegistryLogin, 'RegistryLogin.fromSecret(secret)'),
      platform: platformChecks,
      storage: storageChecks(scope),
      operatorRoles: operatorRoles(scope),
    },
    combination: (valid, at) => [repositoryViolation(valid), imageCountViolation(valid, at('storage'))],
  };
}

const SOURCE = 'PipelineSource.connection({ connectionArn, repository })';

function source(scope: Construct): Check {
  const inPlace: Check<PipelineSource> = (_, value) => (isInStack(scope)
    ? value._bind().placeViolations(scope)
    : undefined);
  return required(SOURCE, instanceOf(PipelineSource, SOURCE), inPlace);
}

function asBuildStage(scope: Construct): Check<BuildSteps> {
  return (_, steps) => steps._bind().violationsAsBuildStage(scope);
}

function asTestStage(scope: Construct): Check<BuildSteps> {
  return (_, steps) => steps._bind().violationsAsTestStage(scope);
}

/** Tasks may pull only from the repository of the pipeline. */
function repositoryViolation({ buildSteps, repository }: Partial<BlueGreenFargatePipelineProps>): Violations {
  const own = buildSteps?._bind().repository;
  return own === undefined || own === repository ? undefined : violation({
    code: 'BGP137',
    prop: 'buildSteps',
    rule: "must push to the 'repository' of the pipeline: the tasks pull from it",
    remedy: 'remove the repository from the steps, or also pass it to the pipeline',
  });
}

/** The user's own repository keeps its own lifecycle rules. */
function imageCountViolation(props: Partial<BlueGreenFargatePipelineProps>, prop: string): Violations {
  const { storage, repository } = props;
  return storage?.maxImageCount === undefined || repository === undefined ? undefined : violation({
    code: 'BGP175',
    prop: `${prop}.maxImageCount`,
    rule: "must not be combined with 'repository': your repository keeps its own lifecycle rules",
    remedy: 'remove one of the two',
  });
}

/** The names that a pipeline claims: the first ones of its modules. */
function claimedNames(props: Partial<BlueGreenFargatePipelineProps>): ClaimedName[] {
  const parts = { environmentSuffix: props.environmentSuffix };
  const environments = Array.isArray(props.environments ?? []) ? props.environments ?? defaultEnvironments() : [];
  return [
    { type: 'pipeline', parts },
    ...['build', 'test', 'release'].flatMap((purpose) => projectNames({ ...parts, purpose })),
    ...bucketNames(parts),
    ...alarmsNames(parts),
    ...dashboardNames(parts),
    ...(props.registryCredentials === undefined ? credentialsNames(parts) : []),
    ...environments
      .map((environment) => ({ ...parts, environmentName: environment?.name }))
      .flatMap((names) => [...deploymentNames(names), ...gateNames(names)]),
  ];
}
