/** BGP020 to BGP029: where the code comes from. */
export const SOURCE = {
  BGP020: {
    rule: '`connectionArn` is the ARN of a connection of CodeConnections, or of its former name CodeStar Connections.',
    why: 'CodePipeline refuses anything else when the pipeline is made, or at its first execution.',
    fix: 'Copy the ARN from the list of connections.',
    source: 'https://docs.aws.amazon.com/dtconsole/latest/userguide/welcome-connections.html',
  },
  BGP021: {
    rule: '`repository` is `owner/name` of at most 1000 characters.',
    why: 'The connection knows the host. An address, or a name with `.git` at its end, is a repository that the host does not have.',
    fix: 'Write `owner/name`, in the case that the host shows.',
    source: 'https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html',
  },
  BGP022: {
    rule: '`branch` is a name that git gives a branch, of at most 1000 characters, without `refs/heads/`.',
    why: 'There can be no such branch, so no push would ever start the pipeline.',
    fix: 'Write the name as `git branch` shows it.',
    source: 'https://git-scm.com/docs/git-check-ref-format',
  },
  BGP023: {
    rule: 'A connection is of the region of the pipeline.',
    why: 'AWS lets most connections be used from other regions, but not those whose host or app belongs to one region. An ARN of another region is most often a copy from another stack, and the pipeline would then depend on two regions.',
    fix: 'Make a connection in the region of the stack; it costs nothing. To use one of another region all the same, hand its ARN over as a parameter of the stack.',
    source: 'https://docs.aws.amazon.com/dtconsole/latest/userguide/welcome-connections-how-it-works-global.html',
  },
  BGP024: {
    rule: 'A connection of `codestar-connections` is of the account of the pipeline.',
    why: 'Only connections of `codeconnections` can be shared with another account.',
    fix: 'Make a connection in the account of the stack, or share a newer one.',
    source: 'https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-share.html',
  },
  BGP025: {
    rule: 'The partition of `connectionArn` is that of its region.',
    why: '`arn:aws` with a region in China, for example, names nothing.',
    fix: 'Copy the ARN from the list of connections.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html',
  },
} as const;
