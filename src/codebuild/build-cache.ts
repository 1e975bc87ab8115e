import { aws_ecr as ecr } from 'aws-cdk-lib';
import { known, optional, repositoryProblem, shown, structProblems, textMatching } from '../private/checks';
import { broken, Problem, refuseValue } from '../private/errors';

/** How `BuildCache.registry()` keeps layers. */
export interface RegistryCacheProps {
  /**
   * Where the cache is pushed to. Its tag moves with every build, so the repository must be mutable, or exclude the tag
   * from its immutability. Give it a life cycle rule.
   *
   * @default - a repository of the project's own, `layers-<purpose>-<suffix>`: mutable, entries deleted after the
   * project's `cacheExpiration`, emptied and deleted with the stack
   */
  readonly repository?: ecr.IRepository;

  /**
   * The tag of the cache: at most 128 letters, digits, dots, hyphens and underscores, not beginning with a dot or a hyphen.
   *
   * @default "layers"
   */
  readonly tag?: string;
}

const DEFAULT_TAG = 'layers';

/**
 * Where the layers of an image build are kept between builds.
 *
 * Kept are the layers of all stages of the Dockerfile. What `RUN --mount=type=cache` writes is not part of a layer, and
 * BuildKit exports it nowhere: each build begins with such a mount empty. Copy the lock file and install the dependencies in
 * a step of their own instead; that step is a layer.
 *
 * @example
 *
 * const build = BuildSteps.image({ cache: BuildCache.registry() });
 */
export class BuildCache {
  /** In the cache bucket of the project, up and down in one piece with each build. */
  public static s3(): BuildCache {
    return new BuildCache('s3');
  }

  /** In an ECR repository, of which a build pulls only the layers that it uses. No bucket is made. */
  public static registry(props: RegistryCacheProps = {}): BuildCache {
    refuseValue('BuildCache.registry', structProblems('props', props, '{ tag: "layers" }', ({ repository, tag }) => {
      const wrong = repositoryProblem('repository', repository);
      return [
        optional(tag, () => textMatching('BGP046', 'tag', tag, /^\w[\w.-]{0,127}$/,
          'at most 128 letters, digits, dots, hyphens and underscores, not beginning with a dot or a hyphen', 'layers')),
        wrong ?? (repository && mutabilityProblem(repository, tag ?? DEFAULT_TAG)),
      ];
    }));
    return new BuildCache('registry', props.repository, props.tag);
  }

  /** Nowhere: each build makes all layers. For an image that builds faster than its layers travel. */
  public static none(): BuildCache {
    return new BuildCache('none');
  }

  private constructor(
    /** @internal */
    public readonly _kind: 's3' | 'registry' | 'none',
    /** @internal */
    public readonly _repository?: ecr.IRepository,
    /** @internal */
    public readonly _tag: string = DEFAULT_TAG,
  ) {}
}

/** The second build could not push its cache; only a repository that is made in this app can be asked. */
function mutabilityProblem(repository: ecr.IRepository, tag: string): Problem {
  const resource = repository.node.defaultChild;
  return resource instanceof ecr.CfnRepository && known(tag) && !moves(resource, tag)
    ? broken('BGP048', 'repository', 'must let the tag of the cache move', `one whose tag ${shown(tag)} is immutable`,
      'give the cache a repository of its own, or exclude its tag with imageTagMutabilityExclusionFilters')
    : undefined;
}

/** Whether a tag may be pushed again. */
function moves(repository: ecr.CfnRepository, tag: string): boolean {
  const { imageTagMutability = ecr.TagMutability.MUTABLE, imageTagMutabilityExclusionFilters: filters } = repository;
  const excluded = Array.isArray(filters) && filters.some((filter) => 'imageTagMutabilityExclusionFilterValue' in filter
    && matches(filter.imageTagMutabilityExclusionFilterValue, tag));
  return imageTagMutability.startsWith(ecr.TagMutability.MUTABLE) !== excluded;
}

/** Whether a tag is one of a pattern, in which `*` stands for any characters. */
function matches(pattern: string, tag: string): boolean {
  return new RegExp(`^${pattern.split('*').map((text) => text.replaceAll('.', '\\.')).join('.*')}$`).test(tag);
}
