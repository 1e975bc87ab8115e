import { aws_codepipeline as codepipeline } from 'aws-cdk-lib';

/** Options for `EcsBlueGreenDeployment.addToPipeline()`. */
export interface DeployStageOptions {
  /** Output artifact of a build with `BuildSteps.release()` and the `releaseSettings` of this deployment. */
  readonly release: codepipeline.Artifact;
}
