import { Stack } from 'aws-cdk-lib';
import { newStack, pipelineIn } from './subjects';
import { ConnectionSourceOptions, PipelineSource } from '../../../src';

const CONNECTION_ARN = 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d';

function connection(props: Partial<ConnectionSourceOptions>): PipelineSource {
  return PipelineSource.connection({ connectionArn: CONNECTION_ARN, repository: 'acme/storefront', ...props });
}

function pipelineOf(connectionArn: string, stack: Stack): unknown {
  return pipelineIn(stack, { source: connection({ connectionArn }) });
}

/** BGP020 to BGP029: where the code comes from. */
export const SOURCE = {
  BGP020: () => connection({ connectionArn: 'arn:aws:codecommit:us-east-1:111111111111:storefront' }),
  BGP021: () => connection({ repository: 'https://github.com/acme/storefront' }),
  BGP022: () => connection({ branch: 'refs/heads/main' }),
  BGP023: () => pipelineOf(CONNECTION_ARN, newStack({ env: { region: 'eu-west-1' } })),
  BGP024: () => pipelineOf(CONNECTION_ARN.replace('codeconnections', 'codestar-connections'), newStack({ env: { account: '222222222222', region: 'us-east-1' } })),
  BGP025: () => connection({ connectionArn: CONNECTION_ARN.replace('arn:aws:', 'arn:aws-cn:') }),
};
