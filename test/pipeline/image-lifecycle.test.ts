import { LifecyclePolicy, Registry } from '../helpers/registry';
import { definitionOf, execute } from '../helpers/state-machine';
import { newStack, pipelineIn, resources, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

function templateWith(maxImageCount?: number): SynthesisedTemplate {
  const stack = newStack();
  pipelineIn(stack, { storage: { maxImageCount } });
  return templateOf(stack);
}

const template = templateWith();
const machines = ['staging', 'production'].map((name) => definitionOf(template, `state-machine-live-${name}-dev`));
const [STAGING, PRODUCTION] = machines;

function policyOf(from: SynthesisedTemplate): LifecyclePolicy {
  const [[, { LifecyclePolicy: { LifecyclePolicyText } }]] = all(from, 'AWS::ECR::Repository');
  return JSON.parse(LifecyclePolicyText as string) as LifecyclePolicy;
}

/** One rule for any image, as the library once had it. */
function newestOf(countNumber: number): LifecyclePolicy {
  return { rules: [{ rulePriority: 1, selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber } }] };
}

const BUILDS_A_DAY = 100;
const DAYS_OF_APPROVAL = 7;
const DAYS_OF_DEPLOYMENT = 5;

/** A repository that a pipeline pushes to; ECR applies the rules after every push, which is more often than it promises. */
class History {
  public readonly registry = new Registry(`\${${Object.keys(resources(template, 'AWS::ECR::Repository'))[0]}}`);
  private builds = 0;

  constructor(private readonly policy: LifecyclePolicy) {}

  public build(count: number): string {
    const digests = Array.from({ length: count }, () => {
      this.builds += 1;
      const digest = this.registry.push(`3f1c9ab-${this.builds}`);
      this.registry.expire(this.policy);
      return digest;
    });
    return digests[count - 1];
  }

  /** A deployment succeeds, and the second action of its stage tags the image. */
  public deploy(machine: typeof STAGING, digest: string): void {
    const image = { ImageURI: `111111111111.dkr.ecr.us-east-1.amazonaws.com/repository-dev@${digest}` };
    const { status, error } = execute(machine, image, this.registry.apis());
    if (status !== 'SUCCEEDED') {
      throw new Error(`the image could not be tagged: ${error}`);
    }
  }
}

interface Outcome {
  readonly history: History;
  /** The images that an environment runs or ran, by their role in the test. */
  readonly needed: { readonly [what: string]: string };
}

/** 500 pushes, of which three reach production; then production is rolled back to the first of them. */
function promotions(policy: LifecyclePolicy): Outcome {
  const history = new History(policy);
  const promote = (): string => {
    const digest = history.build(1);
    machines.forEach((machine) => history.deploy(machine, digest));
    return digest;
  };
  history.build(9);
  const first = promote();
  history.build(139);
  const second = promote();
  history.build(149);
  const third = promote();
  history.build(100);
  history.deploy(PRODUCTION, first);
  history.build(100);
  return { history, needed: { first, second, third } };
}

/** A release that is in the middle of a canary of up to five days, beside one that waits seven days for its approval. */
function waiting(policy: LifecyclePolicy): Outcome {
  const { history, needed } = promotions(policy);
  const canary = history.build(1);
  history.deploy(STAGING, canary);
  const asked = history.build(1);
  history.build(DAYS_OF_DEPLOYMENT * BUILDS_A_DAY);
  history.deploy(PRODUCTION, canary);
  history.build((DAYS_OF_APPROVAL - DAYS_OF_DEPLOYMENT) * BUILDS_A_DAY);
  return { history, needed: { ...needed, canary, asked } };
}

/** A release that waits as long as an approval may, and then deploys as long as a deployment may, to its first environment. */
function slowest(policy: LifecyclePolicy): Outcome {
  const { history, needed } = promotions(policy);
  const release = history.build(1);
  history.build((DAYS_OF_APPROVAL + DAYS_OF_DEPLOYMENT) * BUILDS_A_DAY);
  return { history, needed: { ...needed, release } };
}

const STORIES = { promotions, waiting, slowest };

function lost(story: keyof typeof STORIES, policy: LifecyclePolicy): string[] {
  const { history: { registry }, needed } = STORIES[story](policy);
  return Object.entries(needed).filter(([, digest]) => !registry.digests.includes(digest)).map(([what]) => what);
}

test.each(Object.keys(STORIES) as (keyof typeof STORIES)[])('no image that is needed is deleted: %s', (story) => {
  expect(lost(story, policyOf(template))).toEqual([]);
});

test.each<[keyof typeof STORIES, string[]]>([
  ['promotions', ['first', 'second', 'third']],
  ['waiting', ['first', 'second', 'third', 'canary', 'asked']],
  ['slowest', ['first', 'second', 'third', 'release']],
])('a rule for only the newest 100 images deletes images that are needed: %s', (story, expected) => {
  // The tags cannot be added once the image is gone.
  jest.spyOn(History.prototype, 'deploy').mockReturnValue();

  expect(lost(story, newestOf(100))).toEqual(expected);
  jest.restoreAllMocks();
});

test('the running image after a rollback is an old push, which a small count for its tag deletes at the next deployment', () => {
  const { rules } = policyOf(template);
  const small = rules.map((rule) => ({ ...rule, selection: { ...rule.selection, countNumber: rule.selection.tagStatus === 'any' ? 100 : 3 } }));
  const { history, needed } = promotions({ rules: small });
  const kept = () => Object.entries(needed).filter(([, digest]) => history.registry.digests.includes(digest)).map(([what]) => what);
  expect(kept()).toEqual(['first', 'second', 'third']);

  history.deploy(STAGING, history.build(1));
  history.build(1);

  expect(kept()).toEqual(['second', 'third']);
});

test('other images expire beyond a count that is a prop', () => {
  const { history: { registry } } = promotions(policyOf(templateWith(100)));
  const isLive = (digest: string) => registry.tagsOf(digest).some((tag) => tag.startsWith('live-'));

  // The newest 100, and the three that reached an environment.
  expect(registry.digests).toHaveLength(103);
  expect(registry.digests.filter(isLive)).toHaveLength(3);
});

test('a repository keeps 1,500 images by default, in addition to those that an environment runs or ran', () => {
  const { history } = promotions(policyOf(template));
  history.build(2000);

  expect(history.registry.digests).toHaveLength(1503);
});

test('an image that is built twice is one image, which all of its tags protect and no later push renews', () => {
  const history = new History({ rules: [...policyOf(template).rules.slice(0, 2), { ...newestOf(1).rules[0], rulePriority: 3 }] });
  const { registry } = history;
  const digest = registry.push('3f1c9ab-a', 'app');
  history.deploy(PRODUCTION, digest);
  history.build(1);

  expect(registry.push('3f1c9ab-b', 'app')).toBe(digest);
  history.build(1);
  expect(registry.tagsOf(digest)).toEqual(['3f1c9ab-a', expect.stringMatching(/^live-production-/), '3f1c9ab-b']);
});

test('the rules of the repository have descriptions, priorities and only the prefixes of the environments', () => {
  expect(policyOf(template)).toEqual({
    rules: [
      {
        rulePriority: 1,
        description: 'Keep images that staging runs or ran',
        selection: { tagStatus: 'tagged', tagPrefixList: ['live-staging-'], countType: 'imageCountMoreThan', countNumber: 1_000_000 },
        action: { type: 'expire' },
      },
      {
        rulePriority: 2,
        description: 'Keep images that production runs or ran',
        selection: { tagStatus: 'tagged', tagPrefixList: ['live-production-'], countType: 'imageCountMoreThan', countNumber: 1_000_000 },
        action: { type: 'expire' },
      },
      {
        rulePriority: 3,
        description: 'Keep the last 1500 other images',
        selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1500 },
        action: { type: 'expire' },
      },
    ],
  });
});
