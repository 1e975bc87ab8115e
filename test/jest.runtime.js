const { createRequire } = require('module');
const { default: Runtime } = require('jest-runtime');

// Jest loads each package anew for each test file. Those that every test needs, and that keep nothing of a test, are loaded once for each worker.
const SHARED = /^(aws-cdk-lib|constructs|cdk-nag|fast-check|typescript|yaml)(\/|$)/;

module.exports = class extends Runtime {
  constructor(config, environment, ...others) {
    // A shared package reads the variables of the worker.
    environment.global.process.env = process.env;
    super(config, environment, ...others);
  }

  requireModule(from, name, ...others) {
    return SHARED.test(name ?? '') ? createRequire(from)(name) : super.requireModule(from, name, ...others);
  }
};
