import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { codesIn, guardedPair } from './guarded';
import { replaces } from '../../../src/cli/guard/differences';

test('the table of replacements is that of the CloudFormation specification', () => {
  const wrong = [...loadAwsServiceSpecSync().all('resource')].flatMap(({ cloudFormationType, properties }) =>
    Object.entries(properties).filter(([name, { causesReplacement }]) => replaces(cloudFormationType, name) !== (causesReplacement === 'yes'))
      .map(([name]) => `${cloudFormationType}.${name}`));

  expect(wrong).toEqual([]);
});

/** Stateful types that are no data of their own: instances of a cluster, and what contains the resources of others. */
const NOT_DATA = /^AWS::(CloudFormation::Stack|(DocDB|Neptune)::DBInstance|EMR::Cluster|Organizations::Account|QLDB::Ledger)$/;
const removed = (Type: string) => codesIn(guardedPair({ Resources: { One: { Type, DeletionPolicy: 'Delete' } } } as never, { Resources: {} }));

test('a resource that the CloudFormation specification marks as stateful is data, and its removal a finding', () => {
  const stateful = [...loadAwsServiceSpecSync().all('resource')].filter(({ isStateful }) => isStateful).map(({ cloudFormationType }) => cloudFormationType);

  expect(stateful.length).toBeGreaterThan(20);
  expect(stateful.filter((type) => !NOT_DATA.test(type) && removed(type).join() !== 'data-deleted')).toEqual([]);
});
