import { MAX_STAGE_NAME_LENGTH } from './defaults';
import { throwIfInvalid } from '../private/errors';
import { environmentName as environmentNameCheck } from '../private/shared-checks';
import { matching } from '../private/validation';

const stageNameCheck = matching({
  code: 'BGP088',
  pattern: new RegExp(`^[\\w.@-]{1,${MAX_STAGE_NAME_LENGTH}}$`),
  rule: `the name of a stage: at most ${MAX_STAGE_NAME_LENGTH} letters, digits and ".@_-"`,
  example: 'DeployProduction',
});

/**
 * A deploy stage on a `PipelineDashboard`, with the environment that it deploys to.
 *
 * @example
 *
 * const deployment = new DashboardDeployment('production', 'DeployProduction');
 */
export class DashboardDeployment {
  /** Name of the environment. */
  public readonly environmentName: string;

  /** Name of the stage that deploys to the environment. */
  public readonly stageName: string;

  /**
   * @param environmentName the name of the environment: lower-case letters and digits, starting with a
   * letter
   * @param stageName the stage whose deploy actions are counted, at most 100 characters: letters, digits and `.@_-`
   */
  constructor(environmentName: string, stageName: string) {
    throwIfInvalid({ type: 'DashboardDeployment' }, [
      environmentNameCheck('environmentName', environmentName),
      stageNameCheck('stageName', stageName),
    ]);
    this.environmentName = environmentName;
    this.stageName = stageName;
  }
}
