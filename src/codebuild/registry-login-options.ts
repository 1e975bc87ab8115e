/** Options of `RegistryLogin.fromSecret()`. */
export interface RegistryLoginOptions {
  /**
   * The host of the registry, in lower case and with a port if it is not 443; no `https://`, no
   * path.
   *
   * @default "docker.io"
   */
  readonly registry?: string;
}
