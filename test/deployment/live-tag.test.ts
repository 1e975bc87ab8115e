import { aws_codepipeline as codepipeline, aws_ecr as ecr, Stack } from 'aws-cdk-lib';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { pipelineOfTheUser, smallest } from '../helpers/programs';
import { Registry } from '../helpers/registry';
import { Api, AwsError, definitionOf, execute, Execution } from '../helpers/state-machine';
import { newStack, resources, SynthesisedTemplate } from '../helpers/synthesis';
import { all, idOf } from '../helpers/templates';

const { template } = smallest();
const REPOSITORY = `\${${Object.keys(resources(template, 'AWS::ECR::Repository'))[0]}}`;
const machines = {
  staging: definitionOf(template, 'state-machine-live-staging-dev'),
  production: definitionOf(template, 'state-machine-live-production-dev'),
};
const HEX = /^[0-9a-f]{64}$/;

function tagIn(environment: keyof typeof machines, apis: { readonly [name: string]: Api }, ImageURI: string): Execution {
  return execute(machines[environment], { ImageURI }, apis);
}

const imageOf = (digest: string): string => `111111111111.dkr.ecr.us-east-1.amazonaws.com/repository-dev@${digest}`;

/** A call that fails a number of times before it reaches the registry. */
function failing(api: Api, name: string, times: number): Api {
  let left = times;
  return (parameters) => {
    left -= 1;
    if (left >= 0) {
      throw new AwsError(name);
    }
    return api(parameters);
  };
}

describe('the state machine that tags an image', () => {
  test.each([
    'application/vnd.docker.distribution.manifest.v2+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.oci.image.index.v1+json',
  ])('the state machine adds a tag that ends in the digest to an image of type %s', (mediaType) => {
    const registry = new Registry(REPOSITORY);
    const digest = registry.push('3f1c-7', 'app', mediaType);
    const other = registry.push('9a2b-8');

    expect(tagIn('production', registry.apis(), imageOf(digest))).toEqual({ status: 'SUCCEEDED', waits: [] });
    expect(registry.tagsOf(digest)).toEqual(['3f1c-7', `live-production-${digest.slice('sha256:'.length)}`]);
    expect(digest.slice('sha256:'.length)).toMatch(HEX);
    expect(registry.tagsOf(other)).toEqual(['9a2b-8']);
  });

  test('the state machine tags an image for each environment that it reaches', () => {
    const registry = new Registry(REPOSITORY);
    const digest = registry.push('3f1c-7');

    tagIn('staging', registry.apis(), imageOf(digest));
    tagIn('production', registry.apis(), imageOf(digest));

    expect(registry.tagsOf(digest).map((tag) => tag.replace(/[0-9a-f]{64}$/, ''))).toEqual(['3f1c-7', 'live-staging-', 'live-production-']);
  });

  test.each(['Ecr.ImageAlreadyExistsException', 'Ecr.ImageTagAlreadyExistsException'])('the state machine succeeds for an image that has the tag already, which ECR reports as %s', (tagExists) => {
    const registry = new Registry(REPOSITORY);
    const digest = registry.push('3f1c-7');
    tagIn('production', registry.apis(), imageOf(digest));
    const tags = registry.tagsOf(digest);

    expect(tagIn('production', registry.apis({ tagExists }), imageOf(digest))).toEqual({ status: 'SUCCEEDED', waits: [] });
    expect(registry.tagsOf(digest)).toEqual(tags);
  });

  test.each([
    'Ecr.EcrException', 'Ecr.SdkClientException', 'Ecr.ServerException', 'Ecr.ThrottlingException',
  ])('the state machine waits longer and longer when a call fails with %s, and gives up after five retries', (error) => {
    for (const call of ['ecr:batchGetImage', 'ecr:putImage']) {
      const registry = new Registry(REPOSITORY);
      const image = imageOf(registry.push('3f1c-7'));
      const run = (times: number) => {
        const apis = registry.apis();
        return tagIn('production', { ...apis, [call]: failing(apis[call], error, times) }, image);
      };

      expect(run(6)).toEqual({ status: 'FAILED', error, waits: [2, 4, 8, 16, 32] });
      expect(run(5)).toEqual({ status: 'SUCCEEDED', waits: [2, 4, 8, 16, 32] });
    }
  });

  test('the timeout of the state machine allows all retries of both calls', () => {
    expect(machines.production.TimeoutSeconds).toBeGreaterThan(2 * (2 + 4 + 8 + 16 + 32));
  });

  test.each([
    'Ecr.ImageDigestDoesNotMatchException', 'Ecr.InvalidParameterException', 'Ecr.LimitExceededException', 'Ecr.RepositoryNotFoundException',
  ])('the state machine fails immediately on %s', (error) => {
    for (const call of ['ecr:batchGetImage', 'ecr:putImage']) {
      const registry = new Registry(REPOSITORY);
      const digest = registry.push('3f1c-7');
      const apis = registry.apis();

      expect(tagIn('production', { ...apis, [call]: failing(apis[call], error, 1) }, imageOf(digest))).toEqual({ status: 'FAILED', error, waits: [] });
      expect(registry.tagsOf(digest)).toEqual(['3f1c-7']);
    }
  });

  test('the state machine fails for a deleted image, and for an image without a digest', () => {
    const registry = new Registry(REPOSITORY);

    expect(tagIn('production', registry.apis(), imageOf(`sha256:${'0'.repeat(64)}`)).error).toBe('States.Runtime');
    expect(tagIn('production', registry.apis(), 'repository-dev:latest').error).toBe('States.IntrinsicFailure');
  });
});

interface Action {
  readonly Name: string;
  readonly RunOrder: number;
  readonly ActionTypeId: { readonly Category: string; readonly Provider: string };
  readonly Configuration: { readonly [setting: string]: unknown };
  readonly InputArtifacts: { readonly Name: string }[];
}

function deployActions(from: SynthesisedTemplate, stage: string): Action[] {
  const [[, { Stages }]] = all(from, 'AWS::CodePipeline::Pipeline');
  return (Stages as { Name: string; Actions: Action[] }[]).find(({ Name }) => Name === stage)?.Actions ?? [];
}

describe('the action that tags an image', () => {
  test.each(['Staging', 'Production'])('the tag action follows the deployment in the stage of %s, and reads the image from the release', (name) => {
    const [deploy, tag, ...others] = deployActions(template, `Deploy${name}`);

    expect(others).toEqual([]);
    expect([deploy.Name, deploy.RunOrder, tag.Name, tag.RunOrder]).toEqual(['Deploy', 1, 'TagImage', 2]);
    // A rollback of the stage runs both actions with the artifacts of an earlier execution, and with no variables of the build.
    expect(tag.InputArtifacts).toEqual([{ Name: 'Release' }]);
    expect(tag.Configuration).toEqual({
      StateMachineArn: { Ref: idOf(tag.Configuration.StateMachineArn) }, Input: 'Release::imageDetail.json', InputType: 'FilePath',
    });
    expect(template.Resources[idOf(tag.Configuration.StateMachineArn)].Properties.StateMachineName)
      .toBe(`state-machine-live-${name.toLowerCase()}-dev`);
  });

  test('the tag action does not count as a deployment in metrics and alerts', () => {
    const event = {
      'source': 'aws.codepipeline',
      'detail-type': 'CodePipeline Action Execution State Change',
      'detail': { pipeline: 'pipeline-dev', stage: 'DeployProduction', action: 'TagImage', state: 'FAILED', type: { owner: 'AWS', provider: 'StepFunctions', category: 'Invoke' } },
    };
    const matching = (one: object): string[] => all(template, 'AWS::Events::Rule')
      .filter(([, { EventPattern }]) => matches(EventPattern, one)).map(([, { Name }]) => Name as string);

    expect(matching(event)).toEqual([]);
    // The same event of the action before it is counted, so the rules are read right.
    expect(matching({ ...event, detail: { ...event.detail, action: 'Deploy', type: { owner: 'AWS', provider: 'CodeDeployToECS', category: 'Deploy' } } }))
      .toEqual(['rule-deploy-failed-production-dev']);
  });
});

/** Returns true if an event has one of the values of a pattern in each field; a reference stands for the pipeline. */
function matches(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(pattern)) {
    return pattern.some((value) => (typeof value === 'object' ? event === 'pipeline-dev' : value === event));
  }
  return Object.entries(pattern as object).every(([key, inner]) => matches(inner, (event as { [key: string]: unknown } | undefined)?.[key]));
}

describe('a repository', () => {
  function actionsWith(repository: (stack: Stack) => ecr.IRepository): string[] {
    const stack = newStack({ env: { account: '111111111111', region: 'us-east-1' } });
    const release = new codepipeline.Artifact('Release');
    const pipeline = pipelineOfTheUser(stack, release);
    return deploymentIn(stack, { repository: repository(stack) }).addToPipeline(pipeline, { release })
      .actions.map(({ actionProperties: { actionName } }) => actionName);
  }

  test.each<[string, (stack: Stack) => ecr.IRepository]>([
    ['of the stack', (stack) => new ecr.Repository(stack, 'Own')],
    ['that is imported by its name', (stack) => ecr.Repository.fromRepositoryName(stack, 'Named', 'images')],
    ['of the account and region, that is imported by its ARN', (stack) => imported(stack, 'us-east-1:111111111111')],
  ])('a repository %s gets tags', (_, repository) => {
    expect(actionsWith(repository)).toEqual(['Deploy', 'TagImage']);
  });

  test.each([
    ['region', 'eu-west-1:111111111111'],
    ['account', 'us-east-1:222222222222'],
  ])('a repository of another %s gets no tags', (_, place) => {
    expect(actionsWith((stack) => imported(stack, place))).toEqual(['Deploy']);
  });

  function imported(stack: Stack, place: string): ecr.IRepository {
    return ecr.Repository.fromRepositoryArn(stack, 'Imported', `arn:aws:ecr:${place}:repository/images`);
  }
});
