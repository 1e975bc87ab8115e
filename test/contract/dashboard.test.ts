import { allPrograms, pipelinePrograms } from '../helpers/programs';
import { all, idOf, idsIn, rendered } from '../helpers/templates';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly title: string; readonly region?: string; readonly metrics?: unknown[][]; readonly alarms?: string[] };
}

interface Options {
  readonly id?: string;
  readonly expression?: string;
  readonly label?: string;
}

/** What each namespace has: the dimension, the type of resource that it names, and the metrics. */
const KNOWN: { readonly [namespace: string]: { readonly dimension: string; readonly type: string; readonly metrics: string[] } } = {
  'AWS/CodeBuild': { dimension: 'ProjectName', type: 'AWS::CodeBuild::Project', metrics: ['Duration', 'FailedBuilds'] },
  'AWS/CodePipeline': { dimension: 'PipelineName', type: 'AWS::CodePipeline::Pipeline', metrics: ['PipelineDuration', 'FailedPipelineExecutions'] },
  'AWS/Events': { dimension: 'RuleName', type: 'AWS::Events::Rule', metrics: ['TriggeredRules'] },
};

describe.each(allPrograms())('$name', ({ template, environmentNames }) => {
  const [[, dashboard]] = all(template, 'AWS::CloudWatch::Dashboard');
  const { widgets } = JSON.parse(rendered(dashboard.DashboardBody)) as { widgets: Widget[] };
  const lines = widgets.flatMap(({ properties }) => properties.metrics ?? []);
  const optionsOf = (line: unknown[]): Options => line.find((part): part is Options => typeof part === 'object') ?? {};
  const metrics = lines.filter((line) => typeof line[0] === 'string')
    .map((line) => line.filter((part): part is string => typeof part === 'string'));

  test('promise 40: every metric has a name that AWS knows, of a resource of the program', () => {
    expect(metrics.length).toBeGreaterThan(5);
    for (const [namespace, metric, dimension, value, ...more] of metrics) {
      expect(KNOWN[namespace].metrics).toContain(metric);
      expect([dimension, more]).toEqual([KNOWN[namespace].dimension, []]);
      expect(value === 'theirs' ? KNOWN[namespace].type : template.Resources[idsIn(value)[0]].Type).toBe(KNOWN[namespace].type);
      expect(value === 'theirs' ? '${theirs}' : value).toMatch(/^\$\{\w+\}$/);
    }
  });

  test('promise 40: every metric is of the region of the dashboard', () => {
    for (const { type, properties } of widgets) {
      expect(['us-east-1', '${AWS::Region}']).toContain(type === 'alarm' ? 'us-east-1' : properties.region);
    }
  });

  test('promise 40: every formula uses what its own graph has, and what it uses is given once', () => {
    for (const { properties } of widgets) {
      const ids = (properties.metrics ?? []).map((line) => optionsOf(line).id).filter((id) => id !== undefined);
      const formulas = (properties.metrics ?? []).map((line) => optionsOf(line).expression).filter((formula) => formula !== undefined);
      const used = formulas.flatMap((formula) => formula.match(/\b[a-z]\w*/g) ?? []);

      expect(new Set(ids).size).toBe(ids.length);
      expect(used.filter((id) => !ids.includes(id))).toEqual([]);
    }
  });

  test('promise 40: every alarm that is shown is an alarm of the program', () => {
    const shown = widgets.flatMap(({ properties }) => properties.alarms ?? []);

    expect(shown.length).toBeGreaterThan(0);
    for (const alarm of shown) {
      expect(alarm).toMatch(/^\$\{\w+\.Arn\}$/);
      expect(template.Resources[idsIn(alarm)[0]].Type).toBe('AWS::CloudWatch::Alarm');
    }
  });

  test('promise 40: no widget is cut off at the right edge, and none lies over another', () => {
    const taken = new Map<string, string>();
    for (const { x, y, width, height, properties: { title } } of widgets) {
      expect([title, x >= 0 && y >= 0 && width >= 1 && height >= 1 && x + width <= 24]).toEqual([title, true]);
      for (let column = x; column < x + width; column++) {
        for (let row = y; row < y + height; row++) {
          expect([title, taken.get(`${column}/${row}`)]).toEqual([title, undefined]);
          taken.set(`${column}/${row}`, title);
        }
      }
    }
    expect(new Set(widgets.map(({ properties }) => properties.title)).size).toBe(widgets.length);
  });

  test('promise 40: build times, the success of each environment, and failures are shown', () => {
    const shown = metrics.map(([, metric, , value]) => `${metric} ${idsIn(value)[0]}`);
    const rates = lines.map((line) => optionsOf(line)).filter(({ expression }) => expression !== undefined).map(({ label }) => label);

    for (const [project] of all(template, 'AWS::CodeBuild::Project')) {
      expect(shown).toEqual(expect.arrayContaining([`Duration ${project}`, `FailedBuilds ${project}`]));
    }
    expect(rates).toEqual(environmentNames);
  });
});

describe.each(pipelinePrograms())('$name', ({ template }) => {
  test('promise 40: every alarm of the program is shown', () => {
    const [[, dashboard]] = all(template, 'AWS::CloudWatch::Dashboard');
    const alarms = all(template, 'AWS::CloudWatch::Alarm').map(([id]) => id);

    const { widgets } = JSON.parse(rendered(dashboard.DashboardBody)) as { widgets: Widget[] };
    const shown = widgets.flatMap(({ properties }) => properties.alarms ?? []);

    expect(shown.flatMap(idsIn).sort()).toEqual(alarms.sort());
  });

  test('promise 40: the success of an environment counts the deploy actions of its own stage', () => {
    const [[, dashboard]] = all(template, 'AWS::CloudWatch::Dashboard');
    const { widgets } = JSON.parse(rendered(dashboard.DashboardBody)) as { widgets: Widget[] };
    const counted = widgets.flatMap(({ properties }) => properties.metrics ?? [])
      .map((line) => [line[3], (line[4] as Options | undefined)?.id])
      .filter((pair): pair is [string, string] => typeof pair[1] === 'string');
    const [[pipelineId]] = all(template, 'AWS::CodePipeline::Pipeline');

    expect(counted.length).toBeGreaterThan(0);
    for (const [value, id] of counted) {
      const [environmentName, outcome] = id.split('_');
      const { detail } = template.Resources[idsIn(value)[0]].Properties.EventPattern as { detail: { [field: string]: unknown } };

      expect(idOf(detail.pipeline)).toBe(pipelineId);
      expect(detail.stage).toEqual([`Deploy${environmentName[0].toUpperCase()}${environmentName.slice(1)}`]);
      expect(detail.state).toEqual([outcome === 's' ? 'SUCCEEDED' : 'FAILED']);
      expect(detail.type).toEqual({ category: ['Deploy'] });
    }
  });
});
