import { expectGuarantees, PROPERTIES } from '../../helpers/guarantees';
import { allPrograms, full, pipelinePrograms } from '../../helpers/programs';
import { all, idOf } from '../../helpers/templates';

describe.each(allPrograms())('$name', ({ template, suffix, environmentNames, given }) => {
  test('the program keeps the guarantees of every program', () => {
    expectGuarantees(template, suffix, environmentNames, given);
  });

  test('every bucket expires unused objects and aborts incomplete uploads', () => {
    for (const [, bucket] of all(template, 'AWS::S3::Bucket')) {
      const versioned = bucket.VersioningConfiguration?.Status === 'Enabled';
      const rules = versioned
        ? [
          { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, ExpirationInDays: 365, NoncurrentVersionExpiration: { NoncurrentDays: 90 } },
          { ExpiredObjectDeleteMarker: true },
        ]
        : [{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, ExpirationInDays: 7 }];

      expect(bucket.LifecycleConfiguration.Rules).toEqual(rules.map((rule) => ({ Id: expect.any(String), Status: 'Enabled', ...rule })));
    }
  });

  test('every event rule targets one to five topics of the program, and every schedule one of its functions', () => {
    for (const [, rule] of all(template, 'AWS::Events::Rule')) {
      const targets = (rule.Targets as { Arn: unknown }[]).map(({ Arn }) => template.Resources[idOf(Arn)].Type);

      expect(targets.length).toBeLessThanOrEqual(5);
      expect(new Set(targets)).toEqual(new Set([rule.ScheduleExpression === undefined ? 'AWS::SNS::Topic' : 'AWS::Lambda::Function']));
    }
  });
});

describe.each(pipelinePrograms())('$name', ({ template }) => {
  test('the artifact bucket of a pipeline is versioned', () => {
    const [[, { ArtifactStore }]] = all(template, 'AWS::CodePipeline::Pipeline');

    expect(template.Resources[idOf(ArtifactStore.Location)]).toMatchObject({
      Type: 'AWS::S3::Bucket',
      Properties: { VersioningConfiguration: { Status: 'Enabled' } },
    });
  });
});

test("only the artifact bucket writes access logs, to the user's bucket", () => {
  const logged = all(full().template, 'AWS::S3::Bucket').filter(([, { LoggingConfiguration }]) => LoggingConfiguration !== undefined);

  expect(logged.map(([, bucket]) => [bucket.VersioningConfiguration?.Status, bucket.LoggingConfiguration])).toEqual([
    ['Enabled', { DestinationBucketName: 'acme-access-logs', LogFilePrefix: 'artifacts/' }],
  ]);
});

test('every type with guaranteed properties occurs in a program', () => {
  const types = new Set(allPrograms().flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type)));

  expect(Object.keys(PROPERTIES).filter((type) => !types.has(type))).toEqual([]);
});
