/** Options for `RegistryLogin.fromSecret()`. */
export interface RegistryLoginOptions {
  /**
   * Host of the registry, in lower case, with a port if it is not 443, and without `https://` or a path.
   *
   * @default "docker.io"
   */
  readonly registry?: string;
}
