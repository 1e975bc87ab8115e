import { alarmInWords } from './alarm-words';
import { bullet, counted, listed, paragraph } from './layout';
import { subscribersInWords } from './road';
import { Resource, Template } from './template';

/** What the events are about that the library's rules match; another is called by its own name. */
const EVENTS: { [detailType: string]: string } = {
  'CodeBuild Build State Change': 'a build',
  'CodeDeploy Deployment State-change Notification': 'a deployment',
  'CodePipeline Action Execution State Change': 'an action of the pipeline',
  'CodePipeline Pipeline Execution State Change': 'an execution of the pipeline',
};

/** Who hears of what: every topic with its subscribers, and what publishes to it; then the dashboards. */
export function messages(template: Template): string[] {
  return [
    ...template.ofType('AWS::SNS::Topic').flatMap((topic) => [...topicLines(topic), '']),
    ...template.ofType('AWS::CloudWatch::Dashboard').flatMap((dashboard) => paragraph(`${dashboard.name} shows ${listed(widgetTitles(dashboard))}.`)),
    ...paragraph('Each e-mail address first gets a message from SNS for every topic, and must confirm it to get anything else.'),
  ];
}

function topicLines(topic: Resource): string[] {
  const publishers = [...rulesOf(topic), ...alarmsOf(topic), ...approvalsOf(topic)];
  return [
    ...paragraph(`${topic.name} goes to ${subscribersInWords(topic)}${publishers.length === 0 ? ', and nothing of this stack publishes to it' : ':'}`),
    ...publishers.flatMap((publisher) => bullet(publisher)),
  ];
}

function rulesOf(topic: Resource): string[] {
  return topic.template.ofType('AWS::Events::Rule')
    .filter((rule) => rule.at('Targets').items.some((target) => target.at('Arn').target === topic))
    .map((rule) => `${rule.name}: ${ruleInWords(rule)}${rule.at('State').text === 'DISABLED' ? ' (switched off)' : ''}`);
}

function ruleInWords(rule: Resource): string {
  const pattern = rule.at('EventPattern');
  const kinds = pattern.at('detail-type').texts.map((kind) => EVENTS[kind] ?? kind);
  const isState = (key: string) => /(^|-)(state|status)$/.test(key);
  const details = pattern.at('detail').entries;
  const states = details.filter(([key]) => isState(key)).flatMap(([, values]) => values.texts);
  const which = details.filter(([key]) => !isState(key))
    .map(([key, values]) => `${key} ${listed(values.at('category').exists ? values.at('category').texts : values.texts, 'or')}`);
  return `${listed(kinds, 'or')} ends as ${listed(states, 'or')}${which.length === 0 ? '' : ` (${which.join('; ')})`}`;
}

function alarmsOf(topic: Resource): string[] {
  const alarms = topic.template.ofType('AWS::CloudWatch::Alarm').filter((alarm) => alarm.at('AlarmActions').targets.includes(topic));
  const rollingBack = topic.template.ofType('AWS::CodeDeploy::DeploymentGroup').flatMap((group) => group.at('AlarmConfiguration', 'Alarms').targets);
  const told = alarms.filter((alarm) => rollingBack.includes(alarm));
  return [
    ...(told.length === 0 ? [] : [`${told.length === 1 ? 'an alarm' : `each of the ${counted(told.length, 'alarm')}`} that roll${told.length === 1 ? 's' : ''} back, as said above`]),
    ...alarms.filter((alarm) => !told.includes(alarm)).map((alarm) => `${alarm.name}: ${alarmInWords(alarm)}`),
  ];
}

function approvalsOf(topic: Resource): string[] {
  return topic.template.ofType('AWS::CodePipeline::Pipeline').flatMap((pipeline) => pipeline.at('Stages').items)
    .filter((stage) => stage.at('Actions').items.some((action) => action.at('Configuration', 'NotificationArn').target === topic))
    .map((stage) => `the question of the stage ${stage.at('Name').text}`);
}

function widgetTitles(dashboard: Resource): string[] {
  const body = JSON.parse(dashboard.at('DashboardBody').text) as { widgets: { properties?: { title?: string } }[] };
  return body.widgets.flatMap((widget) => widget.properties?.title ?? []).map((title) => `"${title}"`);
}
