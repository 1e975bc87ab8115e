import { Decision, evaluate, Policies, Principal, Request, ResourcePolicy, Statement } from '../../src/cli/iam/evaluate';

const guide = (page: string) => `https://docs.aws.amazon.com/IAM/latest/UserGuide/${page}.html`;
const LOGIC = guide('reference_policies_evaluation-logic_policy-eval-denyallow');
const BASIC = guide('reference_policies_evaluation-logic_policy-eval-basics-single-account');
const CROSS = guide('reference_policies_evaluation-logic-cross-account');
const ACTION = guide('reference_policies_elements_action');
const NOT_ACTION = guide('reference_policies_elements_notaction');
const RESOURCE = guide('reference_policies_elements_resource');
const NOT_RESOURCE = guide('reference_policies_elements_notresource');
const PRINCIPAL = guide('reference_policies_elements_principal');
const KEYS = guide('reference_policies_condition-keys');
const DEPUTY = guide('confused-deputy');
const KMS = 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html';

const ACCOUNT = '111111111111';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/Own`;
const TARGET = `arn:aws:iam::${ACCOUNT}:role/Target`;
const BUCKET = 'arn:aws:s3:::bucket';
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/k`;
const role: Principal = { role: ROLE };
const colleague: Principal = { stranger: `arn:aws:iam::${ACCOUNT}:role/Admin` };
const foreigner: Principal = { stranger: 'arn:aws:iam::222222222222:role/Admin' };

const allow = (Action: string | string[], Resource: string | string[] = '*', more: Partial<Statement> = {}): Statement => ({ Effect: 'Allow', Action, Resource, ...more });
const deny = (Action: string | string[], Resource: string | string[] = '*', more: Partial<Statement> = {}): Statement => ({ Effect: 'Deny', Action, Resource, ...more });

/** The account with one role, which has this policy, and resources with theirs. */
function account(statements: Statement[], resourcePolicies: ResourcePolicy[] = []): Policies {
  const policies = statements.map((statement) => ({ Version: '2012-10-17', Statement: statement }));
  return { account: ACCOUNT, roles: [{ name: 'Own', arn: ROLE, policies }], resourcePolicies };
}

function policyOf(resource: string, ...statements: Statement[]): ResourcePolicy {
  return { resource, document: { Statement: statements } };
}

const trust = (who: Statement['Principal'], more: Partial<Statement> = {}): ResourcePolicy =>
  policyOf(TARGET, { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: who, ...more });

const asks = (principal: Principal, action: string, resource = '*', context: Request['context'] = {}): Request => ({ principal, action, resource, context });

type Row = [page: string, what: string, policies: Policies, request: Request, decision: Decision];

describe('policies of roles', () => {
  const instance = `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/i-1`;
  test.each<Row>([
    [LOGIC, 'nothing is allowed by default', account([]), asks(role, 's3:GetObject', `${BUCKET}/a`), 'ImplicitlyDenied'],
    [LOGIC, 'an allow is needed', account([allow('s3:GetObject', `${BUCKET}/*`)]), asks(role, 's3:GetObject', `${BUCKET}/a`), 'Allowed'],
    [LOGIC, 'a deny wins', account([allow('*'), deny('ec2:TerminateInstances')]), asks(role, 'ec2:TerminateInstances', instance), 'ExplicitlyDenied'],
    [LOGIC, 'a deny wins whatever comes first', account([deny('ec2:TerminateInstances'), allow('*')]), asks(role, 'ec2:TerminateInstances', instance), 'ExplicitlyDenied'],
    [LOGIC, 'a deny of something else does not', account([allow('*'), deny('ec2:StopInstances')]), asks(role, 'ec2:TerminateInstances', instance), 'Allowed'],
    [LOGIC, 'a deny whose condition is false does not', account([allow('*'), deny('ec2:*', '*', { Condition: { Bool: { 'a:Key': 'true' } } })]), asks(role, 'ec2:StopInstances', instance), 'Allowed'],
    [LOGIC, 'a deny whose condition holds wins', account([allow('*'), deny('ec2:*', '*', { Condition: { Bool: { 'a:Key': 'true' } } })]), asks(role, 'ec2:StopInstances', instance, { 'a:Key': 'true' }), 'ExplicitlyDenied'],
    [LOGIC, 'an allow whose condition is false is none', account([allow('ec2:*', '*', { Condition: { Bool: { 'a:Key': 'true' } } })]), asks(role, 'ec2:StopInstances', instance), 'ImplicitlyDenied'],
    [ACTION, 'case does not matter', account([allow('S3:getobject')]), asks(role, 's3:GetObject', `${BUCKET}/a`), 'Allowed'],
    [ACTION, 'every action of a service', account([allow('sqs:*')]), asks(role, 'sqs:SendMessage', '*'), 'Allowed'],
    [ACTION, 'not those of another service', account([allow('s3:*')]), asks(role, 's3-object-lambda:GetObject', '*'), 'ImplicitlyDenied'],
    [ACTION, 'a wildcard in the name', account([allow('iam:*AccessKey*')]), asks(role, 'iam:UpdateAccessKey', '*'), 'Allowed'],
    [ACTION, 'a wildcard in the name that does not fit', account([allow('iam:*AccessKey*')]), asks(role, 'iam:CreateUser', '*'), 'ImplicitlyDenied'],
    [ACTION, 'an action is not its prefix', account([allow('s3:GetObject')]), asks(role, 's3:GetObjectVersion', `${BUCKET}/a`), 'ImplicitlyDenied'],
    [NOT_ACTION, 'everything but', account([{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]), asks(role, 's3:GetObject', `${BUCKET}/a`), 'Allowed'],
    [NOT_ACTION, 'and not that', account([{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]), asks(role, 'iam:CreateUser', '*'), 'ImplicitlyDenied'],
    [NOT_RESOURCE, 'everything but', account([allow('*'), { Effect: 'Deny', Action: 's3:*', NotResource: [BUCKET, `${BUCKET}/*`] }]), asks(role, 's3:GetObject', 'arn:aws:s3:::other/a'), 'ExplicitlyDenied'],
    [NOT_RESOURCE, 'and not that', account([allow('*'), { Effect: 'Deny', Action: 's3:*', NotResource: [BUCKET, `${BUCKET}/*`] }]), asks(role, 's3:GetObject', `${BUCKET}/a`), 'Allowed'],
    [RESOURCE, 'case matters', account([allow('s3:GetObject', `${BUCKET}/a`)]), asks(role, 's3:GetObject', `${BUCKET}/A`), 'ImplicitlyDenied'],
    [RESOURCE, 'a bucket is not its objects', account([allow('s3:*', BUCKET)]), asks(role, 's3:GetObject', `${BUCKET}/a`), 'ImplicitlyDenied'],
    [RESOURCE, 'a wildcard covers slashes', account([allow('s3:GetObject', `${BUCKET}/*/test/*`)]), asks(role, 's3:GetObject', `${BUCKET}/1/2/test/3/object.jpg`), 'Allowed'],
    [RESOURCE, 'but all of the pattern must fit', account([allow('s3:GetObject', `${BUCKET}/*/test/*`)]), asks(role, 's3:GetObject', `${BUCKET}/1-test/object.jpg`), 'ImplicitlyDenied'],
    [RESOURCE, 'a question mark is one character', account([allow('s3:GetObject', `${BUCKET}/?`)]), asks(role, 's3:GetObject', `${BUCKET}/ab`), 'ImplicitlyDenied'],
    [RESOURCE, 'a wildcard at the end runs on past colons', account([allow('logs:*', `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:a*`)]), asks(role, 'logs:PutLogEvents', `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:ab:log-stream:c`), 'Allowed'],
    [RESOURCE, 'also at the end of a segment', account([allow('dynamodb:*', 'arn:aws:dynamodb:*:table/prod')]), asks(role, 'dynamodb:GetItem', `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/prod`), 'Allowed'],
    [RESOURCE, 'an ARN does not cover a request for everything', account([allow('ecr:GetAuthorizationToken', `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/a`)]), asks(role, 'ecr:GetAuthorizationToken'), 'ImplicitlyDenied'],
    [KEYS, 'the ARN of the role is in every request', account([allow('s3:*', '*', { Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE } } })]), asks(role, 's3:ListAllMyBuckets'), 'Allowed'],
    [KEYS, 'the account of the role is', account([deny('*', '*', { Condition: { StringNotEquals: { 'aws:PrincipalAccount': ACCOUNT } } }), allow('*')]), asks(role, 's3:ListAllMyBuckets'), 'Allowed'],
    [KEYS, 'calls to AWS are encrypted unless the request says otherwise', account([allow('*'), deny('*', '*', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]), asks(role, 's3:ListAllMyBuckets'), 'Allowed'],
    [KEYS, 'and are not when it does', account([allow('*'), deny('*', '*', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]), asks(role, 's3:ListAllMyBuckets', '*', { 'aws:SecureTransport': 'false' }), 'ExplicitlyDenied'],
  ])('%s: %s', (_page, _what, policies, request, decision) => {
    expect(evaluate(request, policies)).toBe(decision);
  });
});

describe('policies of resources', () => {
  const read = (who: Statement['Principal'], more: Partial<Statement> = {}) =>
    policyOf(BUCKET, { ...allow('s3:GetObject', `${BUCKET}/*`), Principal: who, ...more });
  const readable = asks(role, 's3:GetObject', `${BUCKET}/a`);
  const source = { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': `arn:aws:events:us-east-1:${ACCOUNT}:rule/r` };
  const events: Principal = { service: 'events.amazonaws.com' };
  const guarded = read({ Service: 'events.amazonaws.com' }, { Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } });
  test.each<Row>([
    [BASIC, 'the policy of the bucket is enough in one account', account([], [read({ AWS: ROLE })]), readable, 'Allowed'],
    [BASIC, 'so is the policy of the role', account([allow('s3:GetObject')], [read({ AWS: TARGET })]), readable, 'Allowed'],
    [BASIC, 'a deny of the bucket wins', account([allow('s3:*')], [read({ AWS: ROLE }, { Effect: 'Deny' })]), readable, 'ExplicitlyDenied'],
    [BASIC, 'a deny of the role wins', account([deny('s3:*')], [read({ AWS: ROLE })]), readable, 'ExplicitlyDenied'],
    [BASIC, 'another bucket is not meant', account([], [read({ AWS: ROLE })]), asks(role, 's3:GetObject', `${BUCKET}s/a`), 'ImplicitlyDenied'],
    [PRINCIPAL, 'the account leaves it to the role, which is not allowed', account([], [read({ AWS: `arn:aws:iam::${ACCOUNT}:root` })]), readable, 'ImplicitlyDenied'],
    [PRINCIPAL, 'a deny of the account reaches every role', account([allow('s3:*')], [read({ AWS: ACCOUNT }, { Effect: 'Deny' })]), readable, 'ExplicitlyDenied'],
    [PRINCIPAL, 'everybody', account([], [read('*')]), readable, 'Allowed'],
    [PRINCIPAL, 'everybody, the long way', account([], [read({ AWS: '*' })]), readable, 'Allowed'],
    [PRINCIPAL, 'a deny of everybody reaches services', account([], [read('*', { Effect: 'Deny' }), read({ Service: 'events.amazonaws.com' })]), asks(events, 's3:GetObject', `${BUCKET}/a`), 'ExplicitlyDenied'],
    [PRINCIPAL, 'a service', account([], [read({ Service: ['events.amazonaws.com'] })]), asks(events, 's3:GetObject', `${BUCKET}/a`), 'Allowed'],
    [PRINCIPAL, 'another service', account([], [read({ Service: ['events.amazonaws.com'] })]), asks({ service: 'sns.amazonaws.com' }, 's3:GetObject', `${BUCKET}/a`), 'ImplicitlyDenied'],
    [PRINCIPAL, 'a role is not a service', account([], [read({ Service: 'events.amazonaws.com' })]), readable, 'ImplicitlyDenied'],
    [DEPUTY, 'a service for this account', account([], [guarded]), asks(events, 's3:GetObject', `${BUCKET}/a`, source), 'Allowed'],
    [DEPUTY, 'a service for another account', account([], [guarded]), asks(events, 's3:GetObject', `${BUCKET}/a`, { ...source, 'aws:SourceAccount': '222222222222' }), 'ImplicitlyDenied'],
    [DEPUTY, 'a service for nobody known', account([], [guarded]), asks(events, 's3:GetObject', `${BUCKET}/a`), 'ImplicitlyDenied'],
    [CROSS, 'another account needs the policy of the bucket', account([], []), asks(foreigner, 's3:GetObject', `${BUCKET}/a`), 'ImplicitlyDenied'],
    [CROSS, 'which may name its role', account([], [read({ AWS: 'arn:aws:iam::222222222222:role/Admin' })]), asks(foreigner, 's3:GetObject', `${BUCKET}/a`), 'Allowed'],
    [CROSS, 'or the account', account([], [read({ AWS: '222222222222' })]), asks(foreigner, 's3:GetObject', `${BUCKET}/a`), 'Allowed'],
    [CROSS, 'or a third one', account([], [read({ AWS: '333333333333' })]), asks(foreigner, 's3:GetObject', `${BUCKET}/a`), 'ImplicitlyDenied'],
    [KMS, 'a key needs its own policy', account([allow('kms:Decrypt')], []), asks(role, 'kms:Decrypt', KEY), 'ImplicitlyDenied'],
    [KMS, 'which may leave it to the account', account([allow('kms:Decrypt')], [policyOf(KEY, { ...allow('kms:*'), Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } })]), asks(role, 'kms:Decrypt', KEY), 'Allowed'],
    [KMS, 'and then needs the role\'s', account([], [policyOf(KEY, { ...allow('kms:*'), Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } })]), asks(role, 'kms:Decrypt', KEY), 'ImplicitlyDenied'],
  ])('%s: %s', (_page, _what, policies, request, decision) => {
    expect(evaluate(request, policies)).toBe(decision);
  });
});

describe('trust policies', () => {
  const TRUST = guide('reference_policies_evaluation-logic_policy-eval-basics-single-account');
  const assumes = (principal: Principal, context: Request['context'] = {}) => asks(principal, 'sts:AssumeRole', TARGET, context);
  const lambda: Principal = { service: 'lambda.amazonaws.com' };
  test.each<Row>([
    [TRUST, 'a role that the policy names may, with no policy of its own', account([], [trust({ AWS: ROLE })]), assumes(role), 'Allowed'],
    [TRUST, 'an allow of its own is not enough', account([allow('sts:AssumeRole')], [trust({ AWS: TARGET })]), assumes(role), 'ImplicitlyDenied'],
    [TRUST, 'nor where the role is unknown', account([allow('sts:AssumeRole')]), assumes(role), 'ImplicitlyDenied'],
    [PRINCIPAL, 'the account leaves it to the role, which may', account([allow('sts:AssumeRole', TARGET)], [trust({ AWS: ACCOUNT })]), assumes(role), 'Allowed'],
    [PRINCIPAL, 'the account leaves it to the role, which may not', account([], [trust({ AWS: ACCOUNT })]), assumes(role), 'ImplicitlyDenied'],
    [PRINCIPAL, 'a stranger may what its account lets it', account([], [trust({ AWS: ACCOUNT })]), assumes(colleague), 'Allowed'],
    [PRINCIPAL, 'a stranger may not what is trusted to another role', account([], [trust({ AWS: ROLE })]), assumes(colleague), 'ImplicitlyDenied'],
    [CROSS, 'nor one of another account', account([], [trust({ AWS: ACCOUNT })]), assumes(foreigner), 'ImplicitlyDenied'],
    [CROSS, 'everybody is everybody', account([], [trust('*')]), assumes(foreigner), 'Allowed'],
    [PRINCIPAL, 'the service', account([], [trust({ Service: 'lambda.amazonaws.com' })]), assumes(lambda), 'Allowed'],
    [PRINCIPAL, 'another service', account([], [trust({ Service: 'ec2.amazonaws.com' })]), assumes(lambda), 'ImplicitlyDenied'],
    [DEPUTY, 'a missing source account', account([], [trust({ Service: 'lambda.amazonaws.com' }, { Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } })]), assumes(lambda), 'ImplicitlyDenied'],
    [LOGIC, 'a deny of its own wins', account([deny('sts:*')], [trust({ AWS: ROLE })]), assumes(role), 'ExplicitlyDenied'],
  ])('%s: %s', (_page, _what, policies, request, decision) => {
    expect(evaluate(request, policies)).toBe(decision);
  });
});

describe('nothing is guessed', () => {
  const s3 = asks(role, 's3:GetObject', `${BUCKET}/a`);
  const ofBucket = (statement: Statement) => account([], [policyOf(BUCKET, statement)]);
  test.each<[string, Policies, Request, string]>([
    ['a role that nobody made', account([]), asks({ role: TARGET }, 's3:GetObject'), `the templates have no role ${TARGET}`],
    ['a stranger who is no principal', account([]), asks({ stranger: 'Admin' }, 's3:GetObject'), 'not a principal of an account: Admin'],
    ['an effect', account([{ ...allow('s3:*'), Effect: 'allow' }]), s3, 'not a statement'],
    ['an element', account([{ ...allow('s3:*'), ...{ Resources: '*' } }]), s3, 'not a statement'],
    ['no action', account([{ Effect: 'Allow', Resource: '*' }]), s3, 'a statement has an element or its opposite'],
    ['an action and its opposite', account([{ ...allow('s3:*'), NotAction: 'iam:*' }]), s3, 'a statement has an element or its opposite'],
    ['no resource', account([{ Effect: 'Allow', Action: 's3:*' }]), s3, 'a statement has an element or its opposite'],
    ['an action without a service', account([allow('GetObject')]), s3, 'not an action: GetObject'],
    ['a wildcard for the service', account([allow('*:GetObject')]), s3, 'not an action: *:GetObject'],
    ['a variable in a resource', account([allow('s3:*', `${BUCKET}/\${aws:username}`)]), s3, 'policy variables are not known'],
    ['a wildcard in the middle of a segment, before a colon', account([allow('logs:*', `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:a*z`)]), asks(role, 'logs:PutLogEvents', `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:ab:log-stream:z`), 'AWS does not say'],
    ['a principal in the policy of a role', account([{ ...allow('s3:*'), Principal: '*' }]), s3, 'a statement has a principal if and only if it is of a resource'],
    ['no principal in the policy of a resource', ofBucket(allow('s3:*')), s3, 'a statement has a principal if and only if it is of a resource'],
    ['NotPrincipal', ofBucket({ ...allow('s3:*'), NotPrincipal: { AWS: ROLE } }), s3, 'NotPrincipal is not known'],
    ['a federated principal', ofBucket({ ...allow('s3:*'), Principal: { Federated: 'accounts.google.com' } }), s3, 'principals of the kind Federated are not known'],
    ['a pattern for a principal', ofBucket({ ...allow('s3:*'), Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/*` } }), s3, 'not a principal'],
    ['the id of a deleted role', ofBucket({ ...allow('s3:*'), Principal: { AWS: 'AROAEXAMPLE' } }), s3, 'not a principal: AROAEXAMPLE'],
    ['a service that is none', ofBucket({ ...allow('s3:*'), Principal: { Service: 'events' } }), s3, 'not a service: events'],
  ])('%s throws', (_, policies, request, message) => {
    expect(() => evaluate(request, policies)).toThrow(message);
  });
});
