import { aws_codepipeline as codepipeline } from 'aws-cdk-lib';

/** How an `EcsBlueGreenDeployment` stands in a pipeline. */
export interface DeployStageOptions {
  /** The artifact that `BuildSteps.release` writes, with the `releaseSettings` of this deployment. */
  readonly release: codepipeline.Artifact;
}
