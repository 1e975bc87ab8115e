import { alarmInWords } from './alarms';
import { subscribersInWords } from './stages';
import { inWords } from './words';
import { actionsOf } from '../environments';
import { counted, Entry, listed } from '../layout';
import { Resource, Template } from '../template';

/** Every topic with its subscribers and what publishes to it; then the dashboards. */
export function notifications(template: Template): Entry[] {
  const topics = template.ofType('AWS::SNS::Topic');
  const dashboards = template.ofType('AWS::CloudWatch::Dashboard').map((dashboard) => {
    const titles = [...dashboard.at('DashboardBody').exact.matchAll(/"title":"((?:[^"\\]|\\.)*)"/g)];
    return `${dashboard.name} shows ${listed(titles.map(([, title]) => `"${title}"`)) || 'widgets without titles'}.`;
  });
  return [
    ...topics.map(topicEntry),
    ...(dashboards.length === 0 ? [] : [{ says: dashboards }]),
    {
      says: [topics.length === 0
        ? 'No topic in this stack: nobody is notified.'
        : 'SNS first asks each e-mail address to confirm every topic, and sends nothing else until then.'],
    },
  ];
}

function topicEntry(topic: Resource): Entry {
  const { template } = topic;
  const rules = template.ofType('AWS::Events::Rule')
    .filter((rule) => rule.at('Targets').items.some((target) => target.at('Arn').target === topic))
    .map((rule) => `${rule.name}: ${ruleInWords(rule)}${rule.at('State').text === 'DISABLED' ? ' (disabled)' : ''}`);
  const approvals = actionsOf(template).filter(({ settings }) => settings.at('NotificationArn').target === topic)
    .map(({ stage }) => `the approval request of the stage ${stage}`);
  const publishers = [...rules, ...alarmsOf(topic), ...approvals];
  const end = publishers.length === 0 ? ', and nothing of this stack publishes to it' : ':';
  return {
    name: `${topic.name} goes to ${subscribersInWords(topic)}${end}`,
    says: publishers.map((publisher) => `- ${publisher}`),
  };
}

function ruleInWords(rule: Resource): string {
  const pattern = rule.at('EventPattern');
  if (!pattern.exists) {
    return `on the schedule ${rule.at('ScheduleExpression').text}`;
  }
  const kinds = [...pattern.at('detail-type').texts, ...pattern.at('source').texts];
  const events = kinds.map((kind) => inWords('events', kind)).filter((words) => !kinds.includes(words));
  const isState = (key: string) => /(^|-)(state|status)$/.test(key);
  const details = pattern.at('detail').entries;
  const states = details.filter(([key]) => isState(key)).flatMap(([, values]) => values.texts);
  const which = details.filter(([key]) => !isState(key)).map(([key, values]) => {
    const category = values.at('category');
    return `${key} ${listed((category.exists ? category : values).texts, 'or')}`;
  });
  const ends = states.length === 0 ? '' : ` ends as ${listed(states, 'or')}`;
  const scope = which.length === 0 ? '' : ` (${which.join('; ')})`;
  return `${listed(events.length === 0 ? kinds : events, 'or')}${ends}${scope}`;
}

function alarmsOf(topic: Resource): string[] {
  const { template } = topic;
  const alarms = template.ofType('AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm')
    .filter((alarm) => alarm.at('AlarmActions').targets.includes(topic));
  const rollingBack = template.ofType('AWS::CodeDeploy::DeploymentGroup')
    .flatMap((group) => group.at('AlarmConfiguration', 'Alarms').targets);
  const above = alarms.filter((alarm) => rollingBack.includes(alarm)).length;
  return [
    ...(above === 0 ? [] : [`the ${counted(above, 'alarm')} above that roll${above === 1 ? 's' : ''} back`]),
    ...alarms.filter((alarm) => !rollingBack.includes(alarm)).map((alarm) => `${alarm.name}: ${alarmInWords(alarm)}`),
  ];
}
