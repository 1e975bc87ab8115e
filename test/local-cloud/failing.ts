import { CHANGING, deployInVain, destroy, everything, stackState } from './cloud';

describe('a first deploy:local that fails', () => {
  test('leaves nothing behind but the logs of the two functions that ran', async () => {
    const before = await everything();

    expect(deployInVain('--app', CHANGING, '--suffix', 'broken', '-c', 'refusal=yes')).toContain('refused on purpose');
    expect(await stackState('changing-broken')).toMatchObject({ status: 'ROLLBACK_COMPLETE' });
    expect((await everything()).filter((found) => !before.includes(found))).toEqual([
      expect.stringMatching(/^AWS::Logs::LogGroup \/aws\/lambda\/changing-broken-CustomS3AutoDelete/),
      expect.stringMatching(/^AWS::Logs::LogGroup \/aws\/lambda\/changing-broken-Refuse/),
    ]);
  });

  test('for names that are taken touches nothing of whoever has them', async () => {
    const before = await everything();
    const first = await stackState('storefront-local');

    expect(deployInVain('--app', CHANGING, '--suffix', 'local')).toContain('changing-local failed to deploy');
    expect(await everything()).toEqual(before);
    expect(await stackState('storefront-local')).toEqual(first);
  });

  test.each(['broken', 'local'])('of suffix %s can be destroyed, without touching anything of the others', async (suffix) => {
    const before = await everything();
    const first = await stackState('storefront-local');
    destroy('--app', CHANGING, '--suffix', suffix);

    expect(await everything()).toEqual(before);
    expect(await stackState('storefront-local')).toEqual(first);
  });
});
