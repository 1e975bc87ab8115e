import { allPrograms } from '../../helpers/programs';
import { all, idsIn, rendered } from '../../helpers/templates';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly title: string; readonly region?: string; readonly metrics?: unknown[][]; readonly alarms?: string[] };
}

/** A line of a graph: a metric of a resource, or a formula over the lines of the same graph. */
interface Line {
  readonly words: string[];
  readonly id?: string;
  readonly expression?: string;
  readonly label?: string;
}

/** The metrics of the dashboard, the dimension of each, and the type of its resource. */
const METRICS: { readonly [metric: string]: string } = {
  'AWS/CodeBuild Duration ProjectName': 'AWS::CodeBuild::Project',
  'AWS/CodeBuild FailedBuilds ProjectName': 'AWS::CodeBuild::Project',
  'AWS/CodePipeline PipelineDuration PipelineName': 'AWS::CodePipeline::Pipeline',
  'AWS/CodePipeline FailedPipelineExecutions PipelineName': 'AWS::CodePipeline::Pipeline',
  'AWS/Events TriggeredRules RuleName': 'AWS::Events::Rule',
};

describe.each(allPrograms())('$name', ({ template, environmentNames }) => {
  const [[, dashboard]] = all(template, 'AWS::CloudWatch::Dashboard');
  const { widgets } = JSON.parse(rendered(dashboard.DashboardBody)) as { widgets: Widget[] };
  const graphs = widgets.map(({ properties }) => (properties.metrics ?? []).map((line): Line => Object.assign(
    { words: line.filter((part): part is string => typeof part === 'string') },
    ...line.filter((part) => typeof part === 'object'))));
  const metrics = graphs.flat().filter(({ words }) => words.length > 0);

  test('every metric of the dashboard belongs to a resource of the program', () => {
    for (const { words: [namespace, metric, dimension, resource, ...others] } of metrics) {
      const type = METRICS[`${namespace} ${metric} ${dimension}`];
      // The pipeline of the separate constructs is imported by its name.
      const found = resource === 'theirs' ? 'AWS::CodePipeline::Pipeline' : template.Resources[/^\$\{(\w+)\}$/.exec(resource)?.[1] ?? '']?.Type;

      expect([metric, found, others]).toEqual([metric, type ?? 'a known metric', []]);
    }
  });

  test('every graph shows its own region', () => {
    for (const { type, properties: { region } } of widgets) {
      expect(type === 'alarm' ? 'us-east-1' : region).toMatch(/^(us-east-1|\$\{AWS::Region\})$/);
    }
  });

  test('every formula uses lines of its own graph, and the ids of these lines are unique', () => {
    for (const lines of graphs) {
      const ids = lines.flatMap(({ id }) => id ?? []);
      const used = lines.flatMap(({ expression }) => expression?.match(/\b[a-z]\w*/g) ?? []);

      expect(new Set(ids).size).toBe(ids.length);
      expect(used.filter((id) => !ids.includes(id))).toEqual([]);
    }
  });

  test('the dashboard shows every alarm', () => {
    const shown = widgets.flatMap(({ properties }) => properties.alarms ?? []);

    expect(shown.sort()).toEqual(all(template, 'AWS::CloudWatch::Alarm').map(([id]) => `\${${id}.Arn}`).sort());
  });

  test('no widget is cut off at the right edge or overlaps another', () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, index) => [x + index % width, y + Math.floor(index / width)]));

    expect(cells.length).toBeGreaterThan(0);
    expect(cells.filter(([x, y]) => x < 0 || y < 0 || x >= 24)).toEqual([]);
    expect(new Set(cells.map((cell) => cell.join())).size).toBe(cells.length);
    expect(new Set(widgets.map(({ properties }) => properties.title)).size).toBe(widgets.length);
  });

  test('the dashboard shows build times, failed builds and the success rate of each environment', () => {
    const shown = metrics.map(({ words: [, metric, , resource] }) => `${metric} ${idsIn(resource)[0]}`);
    const projects = all(template, 'AWS::CodeBuild::Project').map(([id]) => id);

    expect(shown).toEqual(expect.arrayContaining(projects.flatMap((id) => [`Duration ${id}`, `FailedBuilds ${id}`])));
    expect(graphs.flat().filter(({ expression }) => expression !== undefined).map(({ label }) => label)).toEqual(environmentNames);
  });

  test('the success rate of an environment counts the deploy actions of its own stage', () => {
    const counted = metrics.flatMap(({ id, words: [, , , rule] }) => (id === undefined ? [] : [[id, idsIn(rule)[0]]]));

    expect(counted.map(([id]) => id)).toEqual(environmentNames.flatMap((name) => [`${name}_s`, `${name}_f`]));
    for (const [id, rule] of counted) {
      const [name, outcome] = id.split('_');
      const { pipeline, ...detail } = template.Resources[rule].Properties.EventPattern.detail as { [field: string]: unknown };

      expect(pipeline).toEqual(environmentNames.length > 1 ? [{ Ref: all(template, 'AWS::CodePipeline::Pipeline')[0][0] }] : ['theirs']);
      expect(detail).toEqual({
        stage: [`Deploy${name[0].toUpperCase()}${name.slice(1)}`],
        state: [outcome === 's' ? 'SUCCEEDED' : 'FAILED'],
        type: { category: ['Deploy'] },
      });
    }
  });
});
