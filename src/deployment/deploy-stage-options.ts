import { aws_codepipeline as codepipeline } from 'aws-cdk-lib';

/** Options for the stage of an `EcsBlueGreenDeployment`. */
export interface DeployStageOptions {
  /** Artifact that `BuildSteps.release` writes with the `releaseSettings` of this deployment. */
  readonly release: codepipeline.Artifact;
}
