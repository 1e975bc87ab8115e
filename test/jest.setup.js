// CDK's built-in template validator takes 3 seconds for the first stack of each test file; the example syntheses keep it on.
process.env.CDK_VALIDATION = 'false';
// The AWS SDK says once for each test file which Node.js it will want next year.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
