import { Construct } from 'constructs';
import { ApprovalGate } from '../../approval/approval-gate';
import { SecureArtifactBucket } from '../../artifacts/secure-artifact-bucket';
import { BuildSteps } from '../../codebuild/build-steps';
import { EcsBlueGreenDeployment } from '../../deployment/ecs-blue-green-deployment';
import {
  emailsProblems, environmentNameProblem, environmentSuffixProblem, isArm, kindProblem, listProblems, optional, placed, placeProblem, propsProblems,
  requiredProblem, resourceProblem, shown, typeOf, wrongType,
} from '../../private/checks';
import { broken, Problem } from '../../private/errors';
import { lengthProblem, takenNameProblem } from '../../private/names';
import { BlueGreenFargatePipelineProps } from '../blue-green-fargate-pipeline-props';
import { PipelineEnvironment } from '../pipeline-environment';

/** The environments of a pipeline that names none. */
export const DEFAULT_ENVIRONMENTS: PipelineEnvironment[] = [{ name: 'staging' }, { name: 'production' }];

/** Everything that can be wrong about a pipeline before it is made, on behalf of its rooms, too. */
export function pipelineProblems(scope: Construct, id: string, given: BlueGreenFargatePipelineProps): Problem[] {
  return [placeProblem(scope, id), ...propsProblems(given, (props) => [
    environmentSuffixProblem(props.environmentSuffix),
    sourceProblem(props.source),
    ...emailsProblems('notificationEmails', props.notificationEmails),
    ...props.approverEmails === undefined ? [] : emailsProblems('approverEmails', props.approverEmails),
    ...buildProblems(props),
    resourceProblem('registryCredentials', props.registryCredentials, 'secretArn', 'a secretsmanager.ISecret', 'new secretsmanager.Secret(this, "Login")'),
    SecureArtifactBucket._logsBucketProblem(scope, props.accessLogsBucket),
    ...EcsBlueGreenDeployment._sharedProblems(props),
    ...environmentsProblems(scope, props),
    takenProblem(scope, props),
    ...placed(scope) ? placeProblems(scope, props) : [],
  ])];
}

const SOURCE = 'PipelineSource.connection({ connectionArn, repository })';

/** What only the place tells: where the connection is to be, and what stands in the texts of the user. */
function placeProblems(scope: Construct, { source, buildSteps, testSteps }: BlueGreenFargatePipelineProps): Problem[] {
  const steps = [buildSteps, testSteps].filter((each) => stepsProblem('', each) === undefined);
  return [
    ...sourceProblem(source) === undefined ? source._placeProblems(scope) : [],
    ...steps.flatMap((each) => each?._openSecretProblems(scope) ?? []),
    stepsProblem('', buildSteps) === undefined ? buildSteps?._madeImageProblem(scope) : undefined,
  ];
}

function sourceProblem(source: unknown): Problem {
  return requiredProblem('source', source, SOURCE) ?? kindProblem('source', source, '_addToPipeline', 'a PipelineSource', SOURCE);
}

function stepsProblem(prop: string, steps: unknown, example = 'BuildSteps.image()'): Problem {
  return kindProblem(prop, steps, '_within', 'BuildSteps', example);
}

/** Whether what builds and tests run in is made for their processor, and whether what is built is said once. */
function buildProblems(props: BlueGreenFargatePipelineProps): Problem[] {
  const { buildImage, buildSteps, testSteps, cpuArchitecture, repository } = props;
  const wrong = [
    kindProblem('buildImage', buildImage, 'cpuArchitecture', 'a BuildImage', 'BuildImage.AMAZON_LINUX_2023'),
    stepsProblem('buildSteps', buildSteps),
    stepsProblem('testSteps', testSteps, 'BuildSteps.probe()'),
  ];
  const own = buildSteps?._kind?.repository;
  return [
    ...wrong,
    wrong[0] === undefined && buildImage !== undefined && isArm(buildImage.cpuArchitecture) !== isArm(cpuArchitecture)
      ? broken('BGP135', 'buildImage', `must be made for the 'cpuArchitecture' of the tasks, ${isArm(cpuArchitecture) ? 'ARM64' : 'X86_64'}`, 'one for the other',
        'change one of the two')
      : undefined,
    ...(['dockerfile', 'buildContext'] as const).map((prop) => optional(props[prop], (path) => buildSteps === undefined
      ? BuildSteps._pathProblem(prop, path, { dockerfile: 'Dockerfile', buildContext: 'web' }[prop])
      : broken('BGP136', prop, "must not come with 'buildSteps', which say themselves what is built", undefined, 'give it to BuildSteps.image, or remove one of the two'))),
    own !== undefined && own !== repository
      ? broken('BGP137', 'buildSteps', "must push to the 'repository' of the pipeline, which the tasks pull from", undefined,
        'leave it out of the steps, or give it to the pipeline, too')
      : undefined,
    ['image', 'release'].includes(String(testSteps?._kind?.name))
      ? broken('BGP138', 'testSteps', 'must try the image out, which is made before', undefined, 'use BuildSteps.probe, BuildSteps.commands or BuildSteps.buildSpec') : undefined,
  ];
}

function environmentsProblems(scope: Construct, props: BlueGreenFargatePipelineProps): Problem[] {
  const { environments = DEFAULT_ENVIRONMENTS, vpc, bootstrapImage } = props;
  if (!Array.isArray(environments)) {
    // Not shown: what is in it may be secret.
    return [broken('BGP002', 'environments', 'must be a list', typeOf(environments), `for example ${ENVIRONMENTS}`)];
  }
  const most = vpc === undefined ? 14 : 15;
  return [
    environments.length === 0 ? broken('BGP132', 'environments', 'must be a list of at least one environment', '[]', `for example ${ENVIRONMENTS}`) : undefined,
    environments.length > most
      ? broken('BGP134', 'environments', `must be at most ${most}, which fill the 500 resources of a stack`, shown(environments.length), 'spread them over several stacks')
      : undefined,
    ...listProblems('environments', environments, ENVIRONMENTS, (at, environment, index) =>
      typeof environment !== 'object' || environment === null || Array.isArray(environment) ? wrongType(at, 'an object', environment, '{ name: "production" }') : [
        ...environmentProblems(`${at}.`, environment as PipelineEnvironment, environments.slice(0, index), scope, props.environmentSuffix),
        ...EcsBlueGreenDeployment._environmentProblems(`${at}.`, environment, index + 1 === environments.length ? 2 : 1, { vpc, bootstrapImage, scope }),
      ]),
  ];
}

const ENVIRONMENTS = '[{ name: "production" }]';

/** What only a pipeline knows of an environment. */
function environmentProblems(
  at: string, environment: PipelineEnvironment, before: PipelineEnvironment[], scope: Construct, environmentSuffix: string,
): Problem[] {
  const { name, approverEmails, approverRoles } = environment;
  return [
    environmentNameProblem(`${at}name`, name),
    typeof name === 'string' && before.some((other) => typeof other?.name === 'string' && other.name.toLowerCase() === name.toLowerCase())
      ? broken('BGP133', `${at}name`, 'must differ from the others', `${shown(name)} twice`, 'give each environment a name of its own') : undefined,
    // Of all names that have the suffix, those of target groups have the least room.
    lengthProblem({ environmentName: name, environmentSuffix }, { targetGroup: 'tg-green' }),
    ...approverEmails === undefined ? [] : emailsProblems(`${at}approverEmails`, approverEmails),
    ...ApprovalGate._rolesProblems(scope, `${at}approverRoles`, approverRoles),
  ];
}

/** What the rooms would find taken one by one, when some of them are made already. */
const TYPES = ['pipeline', 'project-build', 'project-test', 'project-release', 'artifacts', 'topic-alerts', 'dashboard'];

function takenProblem(scope: Construct, props: BlueGreenFargatePipelineProps): Problem {
  const { environmentSuffix, environments = DEFAULT_ENVIRONMENTS, registryCredentials } = props;
  const names = Array.isArray(environments) ? environments.map((environment) => environment?.name) : [];
  return [
    ...TYPES.map((type) => takenNameProblem(scope, type, { environmentSuffix })),
    registryCredentials === undefined ? takenNameProblem(scope, 'registry-credentials', { environmentSuffix }) : undefined,
    ...names.flatMap((environmentName) => ['service', 'topic-approval'].map((type) => takenNameProblem(scope, type, { environmentName, environmentSuffix }))),
  ].find((problem) => problem !== undefined);
}
