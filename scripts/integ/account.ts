import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { ECSClient } from '@aws-sdk/client-ecs';
import { REGION } from './app';

/** The clients for the AWS account of the test. */
export function connect() {
  const options = { region: REGION };
  return {
    cloudFormation: new CloudFormationClient(options),
    cloudWatch: new CloudWatchClient(options),
    codeDeploy: new CodeDeployClient(options),
    codePipeline: new CodePipelineClient(options),
    ecs: new ECSClient(options),
    logs: new CloudWatchLogsClient(options),
  };
}

export type Account = ReturnType<typeof connect>;

/** The elements on all pages of a list. */
export async function listAll<Page, One>(pages: AsyncIterable<Page>, of: (page: Page) => One[] | undefined): Promise<One[]> {
  const found: One[] = [];
  for await (const page of pages) {
    found.push(...of(page) ?? []);
  }
  return found;
}
