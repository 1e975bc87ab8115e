import { aws_codepipeline as codepipeline, aws_iam as iam, region_info as regionInfo, Stack } from 'aws-cdk-lib';
import { sameEnvironment } from '../../private/placement';
import { CDK, cdkTypeList } from '../../private/types';
import { reservedRoleViolation } from '../../private/user-roles';
import { Check, isResolvedString } from '../../private/validation';

/** Roles that a policy of this account reaches. Without a scope, only their type is checked. */
export function approverRoles(scope?: unknown): Check {
  return cdkTypeList(CDK.role, sameEnvironment({ code: 'BGP087', scope, parts: ['account'] }), notReserved);
}

const notReserved: Check<iam.IRole> = (prop, role) => reservedRoleViolation(prop, role,
  `add the statements to the permission set: ${formatStatements(approverStatements(
    'arn:<partition>:codepipeline:<region>:<account>:<pipeline>', 'Approve<Environment>'))}`);

/** Returns the statements of an approver, who may read the pipeline and answer this one gate. */
export function approverStatements(pipelineArn: string, stageName: string): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: ['codepipeline:GetPipeline', 'codepipeline:GetPipelineExecution', 'codepipeline:GetPipelineState'],
      resources: [pipelineArn],
    }),
    new iam.PolicyStatement({
      actions: ['codepipeline:PutApprovalResult'],
      resources: [`${pipelineArn}/${stageName}/Approve`],
    }),
  ];
}

/**
 * Returns the statements as JSON for the user's own policy; values that only the deployment knows are in angle
 * brackets.
 */
export function statementsFor(pipeline: codepipeline.Pipeline, stageName: string): string {
  const { region, account } = Stack.of(pipeline);
  const { name } = pipeline.node.defaultChild as codepipeline.CfnPipeline;
  return formatStatements(approverStatements([
    'arn',
    (isResolvedString(region) && regionInfo.RegionInfo.get(region).partition) || '<partition>',
    'codepipeline',
    isResolvedString(region) ? region : '<region>',
    isResolvedString(account) ? account : '<account>',
    isResolvedString(name) ? name : '<pipeline>',
  ].join(':'), stageName));
}

function formatStatements(statements: readonly iam.PolicyStatement[]): string {
  return JSON.stringify(statements.map((statement) => statement.toStatementJson()));
}
