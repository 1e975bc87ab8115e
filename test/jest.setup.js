// CDK's built-in template validator takes 3 seconds for the first stack of each test file; the example syntheses keep it on.
process.env.CDK_VALIDATION = 'false';
