// CDK's built-in template validator takes 3 seconds for the first stack of each test file; the example syntheses keep it on.
process.env.CDK_VALIDATION = 'false';
// The AWS SDK says once for each test file which Node.js it will want next year.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
// No test reads where the program made a resource; CDK takes a stack trace for each, which is a sixth of the time of a synthesis.
process.env.CDK_CONTEXT_JSON = JSON.stringify({ 'aws:cdk:disable-creation-stack-traces': true, 'aws:cdk:disable-stack-trace': true });
