import { aws_codepipeline as codepipeline } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Names } from '../../private/names';
import { Violations } from '../../private/violations';

/** One kind of source. */
export interface Source {
  /** The connection that the source is read through. */
  readonly connectionArn: string;

  /** Checks the source for a pipeline in this place. */
  placeViolations(scope: Construct): Violations;

  /** Adds the source stage to a pipeline, and returns the artifact with the tree. */
  addToPipeline(scope: Construct, pipeline: codepipeline.Pipeline, names: Names): codepipeline.Artifact;
}
