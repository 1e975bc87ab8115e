import table from './table.json';
import { Action } from '../environments';
import { Context } from '../iam/conditions';
import { listOf, Principal } from '../iam/evaluate';
import { Resource, Template } from '../template';

/** A call of the AWS API in a release. */
export interface Call {
  readonly by: Principal;
  /** The part of a release that makes the call. */
  readonly when: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly context?: Context;
  /** The purpose, in words that a reviewer can follow. */
  readonly why: string;
  /** The page of AWS that documents it. */
  readonly source: string;
}

/** A row of the table. What is no service, no `*` and no literal is a name for values of the template. */
interface Row {
  readonly when?: string;
  readonly by: string;
  readonly why: string;
  readonly actions: readonly string[];
  readonly on: string;
  readonly page: string;
  readonly context?: { readonly [key: string]: string | undefined };
}

/** Values for the names in a part of the table; a call without a caller or a resource is left out. */
export interface Values {
  /** The part of a release, where the table leaves it open. */
  readonly when?: string;
  readonly [name: string]: string | readonly string[] | undefined;
}

/** The calls of a part of the table. */
export function callsOf(part: keyof typeof table.calls, { account }: Template, values: Values): Call[] {
  const named: Values = { account, ...values };
  const rows: readonly Row[] = table.calls[part];
  const callers = (by: string): readonly Principal[] => (by.endsWith('.amazonaws.com')
    ? [{ service: by }]
    : listOf(named[by]).map((role) => ({ role })));
  return rows.flatMap(({ when = values.when ?? '', by, why, actions, on, page, context = {} }) => {
    const pairs = Object.entries(context).map(([key, value = '']) => [key, named[value] ?? value]);
    const call = {
      when,
      why,
      actions,
      context: Object.fromEntries(pairs) as Context,
      source: `https://docs.aws.amazon.com/${table.pages[page as keyof typeof table.pages]}.html`,
    };
    const resources = on === '*' ? ['*'] : listOf(named[on]);
    return callers(by).flatMap((caller) =>
      resources.map((resource) => ({ ...call, by: caller, resources: [resource] })));
  });
}

/** Returns the values that the calls of an action name. */
export function actionValues({ pipeline, category, role, action, settings }: Action): Values {
  const objects = (list: string) =>
    action.at(list).items.map((artifact) => artifactArn(pipeline, artifact.at('Name').exact));
  return {
    role,
    when: category,
    bucket: artifactBucket(pipeline),
    connection: settings.at('ConnectionArn').exact,
    inputs: objects('InputArtifacts'),
    outputs: objects('OutputArtifacts'),
    pipeline: arn(pipeline.template, 'codepipeline', pipeline.ref),
    pipelineRole: pipeline.at('RoleArn').exact,
  };
}

export function arn({ partition, region, account }: Template, prefix: string, resource: string): string {
  return `arn:${partition}:${prefix}:${region}:${account}:${resource}`;
}

export function artifactBucket(pipeline: Resource): string {
  return `arn:${pipeline.template.partition}:s3:::${pipeline.at('ArtifactStore', 'Location').exact}`;
}

/** An object as CodePipeline names it: pipeline, artifact, random. */
export function artifactArn(pipeline: Resource, artifact: string): string {
  return `${artifactBucket(pipeline)}/${pipeline.ref}/${artifact}/wJalrXU`;
}

/** A stream of a log group. */
export function logStream(template: Template, group: string): string {
  return arn(template, 'logs', `log-group:${group}:log-stream:a/b/0123456789abcdef`);
}

/** A secret of which a container or a build reads a key. */
export function secretOf(valueFrom: string): string {
  return valueFrom.split(':').slice(0, 7).join(':');
}

/** The ARNs of the ECR repositories whose images a string mentions. */
export function repositoriesIn(text: string, { partition }: Template): string[] {
  const images = text.matchAll(/(\d{12}|<account>)\.dkr\.ecr\.([\w<>-]+)\.[\w.]+\/([\w./-]+)/g);
  return [...new Set([...images].map(([, account, region, name]) =>
    `arn:${partition}:ecr:${region}:${account}:repository/${name}`))];
}

/** Returns `*`, the resource of the login to ECR that precedes each pull and push, if there is a repository. */
export function registryOf(repositories: string[]): string[] {
  return repositories.length === 0 ? [] : ['*'];
}
