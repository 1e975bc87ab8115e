import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../src/config.js';

test('every variable has a default', () => {
  assert.deepEqual(readConfig({}), {
    host: undefined,
    port: 8080,
    version: 'dev',
    environmentName: 'local',
    failureRate: 0,
    shutdownDeadlineMs: 25_000,
  });
});

test('every variable is read', () => {
  const env = {
    HOST: '127.0.0.1',
    PORT: '3000',
    VERSION: '1.2.3',
    ENVIRONMENT_NAME: 'production',
    FAILURE_RATE: '0.25',
    SHUTDOWN_DEADLINE_SECONDS: '1.5',
  };
  assert.deepEqual(readConfig(env), {
    host: '127.0.0.1',
    port: 3000,
    version: '1.2.3',
    environmentName: 'production',
    failureRate: 0.25,
    shutdownDeadlineMs: 1500,
  });
});

test('an empty variable counts as absent', () => {
  const env = { HOST: '', PORT: ' ', VERSION: '', ENVIRONMENT_NAME: '', FAILURE_RATE: '' };
  assert.deepEqual(readConfig(env), readConfig({}));
});

for (const rate of ['0', '1', '.5', '0.05']) {
  test(`FAILURE_RATE=${rate} is accepted`, () => {
    assert.equal(readConfig({ FAILURE_RATE: rate }).failureRate, Number(rate));
  });
}

for (const [name, value] of [
  ['FAILURE_RATE', '-0.1'],
  ['FAILURE_RATE', '1.01'],
  ['FAILURE_RATE', '50%'],
  ['FAILURE_RATE', 'NaN'],
  ['FAILURE_RATE', '.'],
  ['PORT', '65536'],
  ['PORT', '80.5'],
  ['PORT', 'http'],
  ['SHUTDOWN_DEADLINE_SECONDS', '-1'],
  ['SHUTDOWN_DEADLINE_SECONDS', '121'],
]) {
  test(`${name}=${value} is refused`, () => {
    assert.throws(() => readConfig({ [name]: value }), (error) => {
      assert.match(error.message, new RegExp(`^${name} must be .+ from 0 to `));
      assert.ok(error.message.endsWith(`got '${value}'`));
      return true;
    });
  });
}

test('all invalid variables are named at once', () => {
  assert.throws(() => readConfig({ PORT: 'x', FAILURE_RATE: '2' }), /PORT .+; FAILURE_RATE /);
});
