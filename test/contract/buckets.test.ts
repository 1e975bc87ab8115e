import { allPrograms, full, pipelinePrograms } from '../helpers/programs';
import { openBuckets } from '../helpers/promises';
import { all, idOf, rendered, statementsFor } from '../helpers/templates';

describe.each(allPrograms())('$name', ({ template }) => {
  const buckets = all(template, 'AWS::S3::Bucket');

  test('promise 19: every bucket blocks all public access', () => {
    expect(openBuckets(template)).toEqual([]);
    for (const [, bucket] of buckets) {
      expect(bucket).not.toHaveProperty('WebsiteConfiguration');
    }
  });

  test('promise 19: every bucket is encrypted by S3 itself and by no key', () => {
    for (const [, bucket] of buckets) {
      expect(bucket.BucketEncryption).toEqual({
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      });
    }
    expect(Object.values(template.Resources).filter(({ Type }) => Type.startsWith('AWS::KMS::'))).toEqual([]);
  });

  test('promise 19: every bucket belongs to its owner alone and has no ACL', () => {
    for (const [, bucket] of buckets) {
      expect(bucket.OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
      expect(bucket).not.toHaveProperty('AccessControl');
    }
  });

  test('promise 19: every bucket denies everybody everything without TLS, on itself and on its objects', () => {
    for (const [id] of buckets) {
      const denials = statementsFor(template, 'AWS::S3::BucketPolicy', 'Bucket', id).filter(({ Effect }) => Effect === 'Deny');

      expect(denials).toEqual([expect.objectContaining({
        Action: 's3:*',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      })]);
      expect((denials[0].Resource as unknown[]).map(rendered)).toEqual([`\${${id}.Arn}`, `\${${id}.Arn}/*`]);
    }
  });

  test('promise 19: every bucket forgets what is no longer needed, and uploads that were never finished', () => {
    for (const [, bucket] of buckets) {
      const rules = bucket.LifecycleConfiguration.Rules as { [name: string]: unknown }[];
      const versioned = bucket.VersioningConfiguration?.Status === 'Enabled';

      expect(rules).toContainEqual(expect.objectContaining({
        Status: 'Enabled',
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: versioned ? 7 : 1 },
        ...(versioned ? { NoncurrentVersionExpiration: { NoncurrentDays: 90 } } : { ExpirationInDays: 7 }),
      }));
      expect(rules.every((rule) => rule.Prefix === undefined && rule.TagFilters === undefined)).toBe(true);
    }
  });

  test('promise 21: no policy of a resource allows everybody', () => {
    const statements = Object.values(template.Resources)
      .filter(({ Type }) => Type !== 'AWS::IAM::Role' && Type !== 'AWS::IAM::Policy')
      .flatMap(({ Properties }) => [Properties?.PolicyDocument, Properties?.ResourcePolicy, Properties?.RepositoryPolicyText])
      .filter((document) => document !== undefined)
      .flatMap((document) => document.Statement as { Effect: string; Principal: unknown }[]);

    const open = statements.filter(({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal).includes('*'));

    expect(statements.length).toBeGreaterThan(0);
    expect(open).toEqual([]);
  });
});

describe.each(pipelinePrograms())('$name', ({ template }) => {
  test('promise 19: the bucket of the pipeline is versioned, and its pipeline uses no key', () => {
    const [[, pipeline]] = all(template, 'AWS::CodePipeline::Pipeline');
    const artifacts = template.Resources[idOf(pipeline.ArtifactStore.Location)];

    expect(artifacts.Type).toBe('AWS::S3::Bucket');
    expect(artifacts.Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(pipeline.ArtifactStore).not.toHaveProperty('EncryptionKey');
  });
});

test('promise 19: access logs of the artifacts go to the bucket that the user brings', () => {
  const { template } = full();

  const logged = all(template, 'AWS::S3::Bucket').filter(([, bucket]) => bucket.LoggingConfiguration !== undefined);

  expect(logged.map(([, bucket]) => [bucket.VersioningConfiguration?.Status, bucket.LoggingConfiguration])).toEqual([
    ['Enabled', { DestinationBucketName: 'acme-access-logs', LogFilePrefix: 'artifacts/' }],
  ]);
});
