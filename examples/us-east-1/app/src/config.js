/**
 * @typedef {object} Config
 * @property {string | undefined} host address to listen on; all of them when absent
 * @property {number} port
 * @property {string} version
 * @property {string} environmentName
 * @property {number} failureRate share of the requests to / that fail, 0 to 1
 * @property {number} shutdownDeadlineMs
 */

/**
 * Reads the configuration from environment variables. An empty variable counts as absent.
 *
 * @param {Record<string, string | undefined>} env
 * @returns {Config}
 * @throws {Error} naming every variable that is wrong, not just the first
 */
export function readConfig(env) {
  const problems = [];

  const text = (name, fallback) => env[name]?.trim() || fallback;

  const number = (name, fallback, { max, integer = false }) => {
    const value = text(name, String(fallback));
    const pattern = integer ? /^\d+$/ : /^(\d+(\.\d*)?|\.\d+)$/;
    if (!pattern.test(value) || Number(value) > max) {
      const kind = integer ? 'an integer' : 'a number';
      problems.push(`${name} must be ${kind} from 0 to ${max}, got '${value}'`);
    }
    return Number(value);
  };

  const config = {
    host: text('HOST', undefined),
    port: number('PORT', 8080, { max: 65535, integer: true }),
    version: text('VERSION', 'dev'),
    environmentName: text('ENVIRONMENT_NAME', 'local'),
    failureRate: number('FAILURE_RATE', 0, { max: 1 }),
    shutdownDeadlineMs: number('SHUTDOWN_DEADLINE_SECONDS', 25, { max: 120 }) * 1000,
  };

  if (problems.length > 0) {
    throw new Error(problems.join('; '));
  }
  return config;
}
