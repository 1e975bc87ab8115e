import { alarmInWords } from './alarms';
import { subscribersInWords } from './stages';
import { actionsOf } from '../environments';
import { counted, Entry, listed } from '../layout';
import { Resource, Template } from '../template';

/** The events that the library's rules match; another one keeps its name. */
const EVENTS: { [detailType: string]: string } = {
  'CodeBuild Build State Change': 'a build',
  'CodeDeploy Deployment State-change Notification': 'a deployment',
  'CodePipeline Action Execution State Change': 'an action of the pipeline',
  'CodePipeline Pipeline Execution State Change': 'an execution of the pipeline',
};

/** Every topic with its subscribers and what publishes to it; then the dashboards. */
export function notifications(template: Template): Entry[] {
  const topics = template.ofType('AWS::SNS::Topic');
  const dashboards = template.ofType('AWS::CloudWatch::Dashboard')
    .map((dashboard) => `${dashboard.name} shows ${widgetTitles(dashboard)}.`);
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
  const publishers = [...rulesOf(topic), ...alarmsOf(topic), ...approvalsOf(topic)];
  const end = publishers.length === 0 ? ', and nothing of this stack publishes to it' : ':';
  return {
    name: `${topic.name} goes to ${subscribersInWords(topic)}${end}`,
    says: publishers.map((publisher) => `- ${publisher}`),
  };
}

function rulesOf(topic: Resource): string[] {
  return topic.template.ofType('AWS::Events::Rule')
    .filter((rule) => rule.at('Targets').items.some((target) => target.at('Arn').target === topic))
    .map((rule) => `${rule.name}: ${ruleInWords(rule)}${rule.at('State').text === 'DISABLED' ? ' (disabled)' : ''}`);
}

function ruleInWords(rule: Resource): string {
  const pattern = rule.at('EventPattern');
  if (!pattern.exists) {
    return `on the schedule ${rule.at('ScheduleExpression').text}`;
  }
  const kinds = [...pattern.at('detail-type').texts, ...pattern.at('source').texts];
  const events = kinds.map((kind) => EVENTS[kind]).filter((words) => words !== undefined);
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
  const alarms = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) => template.ofType(type))
    .filter((alarm) => alarm.at('AlarmActions').targets.includes(topic));
  const rollingBack = template.ofType('AWS::CodeDeploy::DeploymentGroup')
    .flatMap((group) => group.at('AlarmConfiguration', 'Alarms').targets);
  const above = alarms.filter((alarm) => rollingBack.includes(alarm)).length;
  return [
    ...(above === 0 ? [] : [`the ${counted(above, 'alarm')} above that roll${above === 1 ? 's' : ''} back`]),
    ...alarms.filter((alarm) => !rollingBack.includes(alarm)).map((alarm) => `${alarm.name}: ${alarmInWords(alarm)}`),
  ];
}

function approvalsOf(topic: Resource): string[] {
  return actionsOf(topic.template).filter(({ settings }) => settings.at('NotificationArn').target === topic)
    .map(({ stage }) => `the question of the stage ${stage}`);
}

function widgetTitles(dashboard: Resource): string {
  const titles = [...dashboard.at('DashboardBody').exact.matchAll(/"title":"((?:[^"\\]|\\.)*)"/g)];
  return listed(titles.map(([, title]) => `"${title}"`)) || 'widgets without titles';
}
