import { misnamed, namesOf, tooLong, usedTwice } from './names';
import { references, SynthesisedTemplate } from './synthesis';
import { all, identityStatements } from './templates';

/** What CloudFormation would leave behind, or take long to get rid of, unless it is told otherwise. */
export const STATEFUL = ['AWS::S3::Bucket', 'AWS::ECR::Repository', 'AWS::Logs::LogGroup', 'AWS::SecretsManager::Secret', 'Custom::S3AutoDeleteObjects'];

/** Promise 35: the resources that would outlive the stack, or what replaces them. */
export function kept(template: SynthesisedTemplate): string[] {
  return Object.entries(template.Resources)
    .filter(([, { Type, DeletionPolicy, UpdateReplacePolicy }]) => [DeletionPolicy, UpdateReplacePolicy]
      .some((policy) => policy !== 'Delete' && (policy !== undefined || STATEFUL.includes(Type))))
    .map(([id]) => id);
}

/** Promise 19: the buckets that do not block public access in all four ways. */
export function openBuckets(template: SynthesisedTemplate): string[] {
  return all(template, 'AWS::S3::Bucket')
    .filter(([, { PublicAccessBlockConfiguration: block = {} }]) =>
      !['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].every((way) => block[way] === true))
    .map(([id]) => id);
}

/** Promise 27: the stages that deploy and have no stage with a person's approval of the same environment directly before them. */
export function unapproved(template: SynthesisedTemplate): string[] {
  const [[, { Stages }]] = all(template, 'AWS::CodePipeline::Pipeline');
  const stages = (Stages as { Name: string; Actions: { ActionTypeId: { Category: string; Provider: string } }[] }[])
    .map(({ Name, Actions }) => ({ name: Name, does: Actions.map(({ ActionTypeId: { Category, Provider } }) => `${Category}/${Provider}`).join() }));
  return stages
    .filter(({ name, does }, index) => does.includes('Deploy/')
      && !(stages[index - 1]?.does === 'Approval/Manual' && stages[index - 1].name.replace('Approve', '') === name.replace('Deploy', '')))
    .map(({ name }) => name);
}

/** Promise 29: the deployment groups that do not roll back in all three cases, or watch no alarm, or more than CodeDeploy reads. */
export function irreversible(template: SynthesisedTemplate): string[] {
  return all(template, 'AWS::CodeDeploy::DeploymentGroup')
    .filter(([, { AutoRollbackConfiguration: rollback, AlarmConfiguration: { Enabled, Alarms } }]) => !(rollback.Enabled === true && Enabled === true
      && ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'].every((event) => rollback.Events.includes(event))
      && Alarms.length >= 1 && Alarms.length <= 10))
    .map(([, { DeploymentGroupName }]) => String(DeploymentGroupName));
}

/** Promise 1: the roles that deploy and are not denied to terminate instances, each and everywhere. */
export function undenied(template: SynthesisedTemplate): string[] {
  const deploying = all(template, 'AWS::IAM::Role').filter(([, { RoleName }]) => /^role-(codedeploy|deploy|pipeline)-/.test(String(RoleName)));
  // In the role itself, or in a policy for it.
  const policies = Object.fromEntries(Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Policy')
    .map(([id, { Properties }]) => [id, references(Properties.Roles)]));
  const denied = identityStatements(template)
    .filter(([, { Effect, Action, Resource, Condition }]) => Effect === 'Deny' && Action === 'ec2:TerminateInstances' && Resource === '*' && Condition === undefined)
    .flatMap(([id]) => policies[id] ?? [id]);
  return deploying.map(([id]) => id).filter((id) => !denied.includes(id));
}

/** Everything of the above that a pipeline breaks, and what is wrong about its names, in words. */
export function brokenPromises(template: SynthesisedTemplate, suffix: string, environmentNames: string[], given: string[] = []): string[] {
  const names = namesOf(template, given);
  const found = {
    'would outlive the stack': kept(template),
    'may be public': openBuckets(template),
    'deploys without an approval': unapproved(template),
    'does not roll back': irreversible(template),
    'may terminate instances': undenied(template),
    'is too long a name': tooLong(names),
    'is no name by the rule': misnamed(names, suffix, environmentNames).map(({ name }) => name),
    'is a name of two': usedTwice(names),
  };
  return Object.entries(found).flatMap(([words, subjects]) => subjects.map((subject) => `${subject} ${words}`));
}
