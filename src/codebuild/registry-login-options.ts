/** Options for `RegistryLogin.fromSecret()`. */
export interface RegistryLoginOptions {
  /**
   * Host name of the registry in lower case, with the port unless it is 443, without `https://` or a path.
   *
   * @default "docker.io"
   */
  readonly registry?: string;
}
