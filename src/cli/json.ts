/** An untrusted JSON value, read without assumptions about its structure. */
export class Json {
  constructor(protected readonly raw: unknown) {}

  public at(...path: string[]): this {
    return this.of(path.reduce((value: unknown, key) => (isObject(value) ? value[key] : undefined), this.raw));
  }

  public get exists(): boolean {
    return this.raw !== undefined && this.raw !== null;
  }

  public get orUndefined(): this | undefined {
    return this.exists ? this : undefined;
  }

  /** The elements of a list, or a single value as a list of one: IAM and CloudFormation accept both. */
  public get items(): this[] {
    return [this.raw].flat().map((item) => this.of(item)).filter((item) => item.exists);
  }

  public get entries(): [string, this][] {
    return Object.keys(isObject(this.raw) ? this.raw : {}).map((key) => [key, this.at(key)]);
  }

  /** A value of any other kind as JSON, and an empty string where there is none. */
  public get text(): string {
    return textOf(this.raw);
  }

  public get texts(): string[] {
    return this.items.map((item) => item.text);
  }

  /** `NaN` where there is no number. */
  public get number(): number {
    return this.exists ? Number(this.text) : NaN;
  }

  public get isTrue(): boolean {
    return this.text.toLowerCase() === 'true';
  }

  /** Another value of the same document. */
  protected of(raw: unknown): this {
    return new Json(raw) as this;
  }
}

export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Renders a value of JSON as a string: a string unchanged, anything else as JSON, and a missing value as an empty
 * string.
 */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? undefined) ?? '';
}
