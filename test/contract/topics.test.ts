import { allPrograms } from '../helpers/programs';
import { references } from '../helpers/synthesis';
import { all, idOf, listOf, rendered, Statement, statementsFor } from '../helpers/templates';

describe.each(allPrograms())('$name', ({ template }) => {
  const topics = all(template, 'AWS::SNS::Topic');
  const statementsOf = (id: string): Statement[] => statementsFor(template, 'AWS::SNS::TopicPolicy', 'Topics', id);
  const publishers = (id: string, service: string): Statement[] => statementsOf(id)
    .filter(({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal) === JSON.stringify({ Service: service }));

  test('promise 20: every topic denies everybody to publish without TLS', () => {
    for (const [id] of topics) {
      expect(statementsOf(id).filter(({ Effect }) => Effect === 'Deny')).toEqual([expect.objectContaining({
        Action: 'sns:Publish',
        Principal: '*',
        Resource: { Ref: id },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      })]);
    }
  });

  test('promise 20: a topic lets EventBridge publish for exactly the rules that target it', () => {
    const targeted = topics.map(([id]) => {
      const rules = all(template, 'AWS::Events::Rule')
        .filter(([, rule]) => (rule.Targets as { Arn: unknown }[]).some(({ Arn }) => idOf(Arn) === id))
        .map(([rule]) => rule);
      const statements = publishers(id, 'events.amazonaws.com');

      expect(statements.map(({ Action, Resource }) => [Action, Resource])).toEqual(rules.length === 0 ? [] : [['sns:Publish', { Ref: id }]]);
      expect(statements.flatMap(({ Condition }) => Object.keys(Condition ?? {}))).toEqual(rules.length === 0 ? [] : ['ArnEquals']);
      expect(statements.flatMap(({ Condition }) => listOf(Condition?.ArnEquals['aws:SourceArn'])).map(rendered).sort())
        .toEqual(rules.map((rule) => `\${${rule}.Arn}`).sort());
      return rules.length;
    });

    expect(targeted.filter((rules) => rules > 0)).toHaveLength(2);
  });

  test('promise 20: every rule publishes to a topic of the program, and to at most five', () => {
    for (const [, rule] of all(template, 'AWS::Events::Rule')) {
      const targets = (rule.Targets as { Arn: unknown }[]).map(({ Arn }) => template.Resources[idOf(Arn)].Type);

      expect(new Set(targets)).toEqual(new Set(['AWS::SNS::Topic']));
      expect(targets.length).toBeLessThanOrEqual(5);
    }
  });

  test('promise 20: a topic lets CloudWatch publish where alarms do, for alarms of this account and region alone', () => {
    const used = new Set(all(template, 'AWS::CloudWatch::Alarm').flatMap(([, alarm]) => references(alarm.AlarmActions)));

    for (const [id] of topics) {
      const statements = publishers(id, 'cloudwatch.amazonaws.com');

      expect(statements).toHaveLength(used.has(id) ? 1 : 0);
      for (const { Action, Resource, Condition } of statements) {
        expect([Action, Resource]).toEqual(['sns:Publish', { Ref: id }]);
        expect(rendered(Condition?.ArnLike['aws:SourceArn'])).toMatch(/^arn:(\$\{AWS::Partition\}|aws):cloudwatch:us-east-1:\$\{AWS::AccountId\}:alarm:\*$/);
        expect(Condition?.StringEquals).toEqual({ 'aws:SourceAccount': { Ref: 'AWS::AccountId' } });
      }
    }
    expect(used.size).toBe(1);
  });

  test('promise 20: a topic lets nobody else publish, and nobody do anything else', () => {
    for (const [id] of topics) {
      const services = statementsOf(id).filter(({ Effect }) => Effect === 'Allow').map(({ Action, Principal }) => JSON.stringify([Action, Principal]));

      expect([
        '["sns:Publish",{"Service":"events.amazonaws.com"}]',
        '["sns:Publish",{"Service":"cloudwatch.amazonaws.com"}]',
      ]).toEqual(expect.arrayContaining(services));
    }
  });

  test('promise 22: no topic is encrypted with a key that the publishing services may not use', () => {
    expect(topics.filter(([, topic]) => topic.KmsMasterKeyId !== undefined)).toEqual([]);
  });
});
