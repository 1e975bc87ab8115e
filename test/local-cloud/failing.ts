import { CHANGING, deployExpectingFailure, destroy, everything, stackState } from './cloud';

describe('a first deploy:local that fails', () => {
  test('a failed first deploy:local leaves only the logs of the two functions that ran', async () => {
    const before = await everything();

    expect(deployExpectingFailure('--app', CHANGING, '--suffix', 'broken', '-c', 'refusal=yes')).toContain('refused on purpose');
    expect(await stackState('changing-broken')).toMatchObject({ status: 'ROLLBACK_COMPLETE' });
    expect((await everything()).filter((found) => !before.includes(found))).toEqual([
      expect.stringMatching(/^AWS::Logs::LogGroup \/aws\/lambda\/changing-broken-CustomS3AutoDelete/),
      expect.stringMatching(/^AWS::Logs::LogGroup \/aws\/lambda\/changing-broken-Refuse/),
    ]);
  });

  test('a deploy:local with names in use does not change the resources of their owner', async () => {
    const before = await everything();
    const first = await stackState('storefront-local');

    expect(deployExpectingFailure('--app', CHANGING, '--suffix', 'local')).toContain('changing-local failed to deploy');
    expect(await everything()).toEqual(before);
    expect(await stackState('storefront-local')).toEqual(first);
  });

  test.each(['broken', 'local'])('a failed stack with suffix %s can be destroyed without changing the resources of other stacks', async (suffix) => {
    const before = await everything();
    const first = await stackState('storefront-local');
    destroy('--app', CHANGING, '--suffix', suffix);

    expect(await everything()).toEqual(before);
    expect(await stackState('storefront-local')).toEqual(first);
  });
});
