import {
  aws_codedeploy as codedeploy, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_ecr as ecr,
  aws_iam as iam,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { deployActionRole } from './deployment-roles';
import { liveTag } from './live-tag';
import { IMAGE_PLACEHOLDER, releaseFileNames } from './release-files';
import { Names } from '../../private/names';
import { differentPart } from '../../private/placement';

export interface DeployStageParts {
  readonly names: Names;
  readonly stageName: string;
  readonly pipeline: codepipeline.Pipeline;
  readonly release: codepipeline.Artifact;
  readonly group: codedeploy.EcsDeploymentGroup;
  readonly repository: ecr.IRepository;
  readonly taskRoles: iam.IRole[];
  /** The family that releases register their task definitions in. */
  readonly family: string;
}

/**
 * Adds a stage that deploys the release and, once that has succeeded, tags its image. Step Functions calls
 * ECR in its own region, and another account would have to allow it: a repository elsewhere gets no tags.
 */
export function addDeployStage(scope: Construct, parts: DeployStageParts): codepipeline.IStage {
  const { names, stageName, pipeline, release, group, repository, taskRoles, family } = parts;
  const { role: pipelineRole, artifactBucket: artifacts } = pipeline;
  const role = deployActionRole(scope, { names, pipelineRole, group, artifacts, taskRoles, family });
  const files = releaseFileNames(names.environmentName);
  const deploy = new actions.CodeDeployEcsDeployAction({
    actionName: 'Deploy',
    deploymentGroup: group,
    taskDefinitionTemplateFile: release.atPath(files.taskDefinition),
    appSpecTemplateFile: release.atPath(files.appSpec),
    containerImageInputs: [{ input: release, taskDefinitionPlaceholder: IMAGE_PLACEHOLDER }],
    role,
  });
  if (differentPart(repository, scope) !== undefined) {
    return role.ignoringGrants(() => pipeline.addStage({ stageName, actions: [deploy] }));
  }
  const tagging = liveTag(scope, { names, repository, pipelineRole, artifacts, release });
  return role.ignoringGrants(() => tagging.role.ignoringGrants(() =>
    pipeline.addStage({ stageName, actions: [deploy, tagging.action] })));
}
