import { createHash } from 'crypto';
import { Api, AwsError } from './state-machine';

interface Image {
  readonly digest: string;
  readonly manifest: string;
  readonly mediaType: string;
  readonly tags: Set<string>;
  /** The time of the first push, by which lifecycle rules sort. */
  readonly pushedAt: number;
}

/** A lifecycle policy as its text has it. */
export interface LifecyclePolicy {
  readonly rules: readonly {
    readonly rulePriority: number;
    readonly selection: {
      readonly tagStatus: 'tagged' | 'untagged' | 'any';
      readonly tagPrefixList?: string[];
      readonly countType: string;
      readonly countNumber: number;
    };
  }[];
}

const OCI = 'application/vnd.oci.image.manifest.v1+json';

/** A repository of ECR with immutable tags, in memory. */
export class Registry {
  private readonly images = new Map<string, Image>();
  private now = 0;

  constructor(public readonly name: string) {}

  public get digests(): string[] {
    return [...this.images.keys()];
  }

  public tagsOf(digest: string): string[] {
    return [...this.images.get(digest)?.tags ?? []];
  }

  /** Pushes an image; pushing the same content again only adds the tag. */
  public push(tag: string, content = tag, mediaType = OCI): string {
    const manifest = JSON.stringify({ schemaVersion: 2, content });
    const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
    this.now += 1;
    const image = this.images.get(digest) ?? { digest, manifest, mediaType, tags: new Set(), pushedAt: this.now };
    this.images.set(digest, { ...image, tags: new Set([...image.tags, tag]) });
    return digest;
  }

  /** The two calls of a retag, in the form in which Step Functions makes them. */
  public apis({ tagExists = 'Ecr.ImageTagAlreadyExistsException' } = {}): { readonly [name: string]: Api } {
    return {
      'ecr:batchGetImage': ({ RepositoryName, ImageIds, AcceptedMediaTypes }) => {
        this.require(RepositoryName);
        const [{ ImageDigest: digest }] = ImageIds as { ImageDigest: string }[];
        const image = this.images.get(digest);
        const isAccepted = image !== undefined && (AcceptedMediaTypes as string[]).includes(image.mediaType);
        return isAccepted
          ? { Images: [{ ImageManifest: image.manifest, ImageManifestMediaType: image.mediaType }], Failures: [] }
          : { Images: [], Failures: [{ FailureCode: 'ImageNotFound' }] };
      },
      'ecr:putImage': ({ RepositoryName, ImageManifest, ImageManifestMediaType, ImageDigest, ImageTag }) => {
        this.require(RepositoryName);
        const digest = `sha256:${createHash('sha256').update(String(ImageManifest)).digest('hex')}`;
        const image = this.images.get(digest);
        if (image === undefined || digest !== ImageDigest || image.mediaType !== ImageManifestMediaType) {
          throw new AwsError('Ecr.ImageDigestDoesNotMatchException');
        }
        if ([...this.images.values()].some(({ tags }) => tags.has(String(ImageTag)))) {
          throw new AwsError(tagExists);
        }
        image.tags.add(String(ImageTag));
        return {};
      },
    };
  }

  /**
   * Deletes what a lifecycle policy expires. An image is looked at by all its tags; a rule counts what it selects from the newest push
   * on, what a rule of a higher priority selects included, and expires of the rest only what no such rule selects.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
   */
  public expire({ rules }: LifecyclePolicy): void {
    const sorted = [...rules].sort((one, other) => one.rulePriority - other.rulePriority);
    const anyRules = sorted.filter(({ selection }) => selection.tagStatus === 'any');
    if (anyRules.length > 1 || (anyRules.length === 1 && sorted[sorted.length - 1] !== anyRules[0])) {
      throw new Error('ECR refuses a rule for any image that is not the last');
    }
    const newestFirst = [...this.images.values()].sort((one, other) => other.pushedAt - one.pushedAt);
    const selected = sorted.map(({ selection }) => newestFirst.filter(({ tags }) => isSelected([...tags], selection)));
    const expired = sorted.flatMap(({ selection: { countType, countNumber } }, index) => {
      if (countType !== 'imageCountMoreThan') {
        throw new Error(`not known: ${countType}`);
      }
      const taken = new Set(selected.slice(0, index).flat());
      return selected[index].slice(countNumber).filter((image) => !taken.has(image));
    });
    expired.forEach(({ digest }) => this.images.delete(digest));
  }

  private require(name: unknown): void {
    if (name !== this.name) {
      throw new AwsError('Ecr.RepositoryNotFoundException');
    }
  }
}

/** An image must have a tag for each prefix of a rule. */
function isSelected(tags: string[], { tagStatus, tagPrefixList = [] }: LifecyclePolicy['rules'][number]['selection']): boolean {
  switch (tagStatus) {
    case 'any': return true;
    case 'untagged': return tags.length === 0;
    case 'tagged': return tagPrefixList.every((prefix) => tags.some((tag) => tag.startsWith(prefix)));
  }
}
