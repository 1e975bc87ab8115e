/**
 * Makes a command fail with its first failure, also in a pipe, a loop or a list.
 *
 * CodeBuild runs each command in its own shell: the folder and the variables carry over to the next command,
 * options do not.
 */
export function strict(command: string): string {
  return `set -eo pipefail; ${command}`;
}

/** Returns to the source, because the user's commands may have changed the folder. */
export const BACK_TO_SOURCE = 'cd "$CODEBUILD_SRC_DIR"';

/**
 * CodeBuild starts Docker in its curated images only; the same image from ECR may or may not have
 * it running.
 */
export const START_DOCKER = [
  'docker info > /dev/null 2>&1 || (nohup dockerd > /tmp/dockerd.log 2>&1 &)',
  'timeout 60 sh -c "until docker info > /dev/null 2>&1; do sleep 1; done" || (cat /tmp/dockerd.log; exit 1)',
];

const ecrLoginCommand = (variable: string): string => [
  'aws ecr get-login-password --region "$AWS_DEFAULT_REGION" |',
  `docker login --username AWS --password-stdin "\${${variable}%%/*}"`,
].join(' ');

/** Logs in to the ECR registry of the image that a variable names. */
export function ecrLogin(variable: string): string {
  return strict(ecrLoginCommand(variable));
}

/** Logs in to the ECR registry of an optional image; a failed login prints a warning. */
export function optionalEcrLogin(variable: string, warning: string): string {
  return strict(`${ecrLoginCommand(variable)} || echo "${warning}"`);
}

/**
 * Logs in to ECR Public, which limits pulls to one per second for an address without a login, and to ten with one. A
 * build whose login fails, or that runs in a partition without ECR Public, pulls anonymously.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/public/public-service-quotas.html
 */
export const ECR_PUBLIC_LOGIN = strict([
  'case "$AWS_DEFAULT_REGION" in cn-*|us-gov-*|*-iso*|eusc-*) ;; *)',
  'aws ecr-public get-login-password --region us-east-1 |',
  'docker login --username AWS --password-stdin public.ecr.aws ||',
  'echo "No login to ECR Public: pulling anonymously";; esac',
].join(' '));

/** Pulls the image in a variable, up to four times within 65 seconds: registries limit pulls by address. */
export function pull(variable: string): string {
  return strict([
    'for WAIT in 5 15 45 0; do',
    `if docker pull "$${variable}"; then break; elif [ "$WAIT" = 0 ]; then exit 1; else sleep "$WAIT"; fi;`,
    'done',
  ].join(' '));
}

/**
 * Reads the user name from the secret: CodeBuild would mask the value of a variable in every line of the log. JSON
 * may break its lines between a key and its value, and nested objects may have their own user name. The user's
 * build image may have no JSON parser.
 */
const READ_USERNAME = [
  'aws secretsmanager get-secret-value --secret-id "$REGISTRY_LOGIN_ARN" --query SecretString --output text |',
  'tr "\\r\\n" "  " |',
  'sed -nE',
  // Escapes braces in strings.
  String.raw`-e ':a' -e 's/^(([^"]|"([^"\\{}]|\\.)*")*"([^"\\{}]|\\.)*)[{}]/\1\\u/' -e 'ta'`,
  // Removes objects within the object.
  String.raw`-e ':b' -e 's/(\{[^{}]*)\{[^{}]*\}/\1/' -e 'tb'`,
  String.raw`-e 's/.*"username"[[:space:]]*:[[:space:]]*"([^"\\]*)".*/\1/p'`,
].join(' ');

/** Logs in to the registry of the user; a login with the placeholder would count as a failed one. */
export const REGISTRY_LOGIN = strict([
  `REGISTRY_USERNAME="$(${READ_USERNAME})";`,
  'if [ -z "$REGISTRY_USERNAME" ]; then',
  'echo "The secret $REGISTRY_LOGIN_ARN has no string \'username\', or one with quotes, backslashes or braces";',
  'exit 1;',
  'elif [ "$REGISTRY_USERNAME" = REPLACE_ME ]; then',
  'echo "No registry credentials yet: pulling anonymously"; else',
  'printf %s "$REGISTRY_PASSWORD" |',
  'docker login --username "$REGISTRY_USERNAME" --password-stdin "$REGISTRY_SERVER"; fi',
].join(' '));

/**
 * Names the image by the repository of the project and the digest that an earlier build exported. Any other value of
 * the variable ends the build.
 */
export const FIND_IMAGE = [
  [
    'if ! [[ "$IMAGE_DIGEST" =~ ^sha256:[0-9a-f]{64}$ ]]; then',
    'printf \'IMAGE_DIGEST is "%s" instead of sha256:<digest>: the build must export it\\n\' "$IMAGE_DIGEST";',
    'exit 1; fi',
  ].join(' '),
  'export IMAGE_URI="$IMAGE_REPOSITORY@$IMAGE_DIGEST"',
];
