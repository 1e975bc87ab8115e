import { aws_codepipeline as codepipeline } from 'aws-cdk-lib';

/** How an `EcsBlueGreenDeployment` stands in a pipeline. */
export interface DeployStageOptions {
  /** The artifact with `imageDetail.json` and this deployment's `releaseFiles`. */
  readonly release: codepipeline.Artifact;
}
