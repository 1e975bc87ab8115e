import { PipelineEnvironment } from '../pipeline-environment';

/** The environments of a pipeline that names none. */
export function defaultEnvironments(): PipelineEnvironment[] {
  return [PipelineEnvironment.staging(), PipelineEnvironment.production()];
}
