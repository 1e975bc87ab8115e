const users = jest.requireActual<{ handler(event: { seconds?: number }): Promise<object> }>('../../integ.us-east-1.users.js');

/** Runs the users for as long as they ask, with a clock that waits for nobody. */
async function answersOf(event: { seconds?: number }, answer: () => Response): Promise<object> {
  process.env.STOREFRONT = 'http://storefront.example/';
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (url) => {
    expect(url).toBe('http://storefront.example/');
    return answer();
  });
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  const answers = users.handler(event);
  await jest.advanceTimersByTimeAsync(60_000);
  return answers;
}

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

test('the users send five requests a second, and count the responses by status and version', async () => {
  let asked = 0;
  const answers = await answersOf({}, () => {
    asked += 1;
    return asked === 2 ? new Response('{"error":"Simulated failure","version":"broken"}', { status: 500 }) : Response.json({ version: 'good' });
  });

  expect(answers).toEqual({ '200 good': 274, '500 broken': 1 });
});

test('a response that is not the storefront is quoted', async () => {
  expect(await answersOf({ seconds: 0.1 }, () => new Response('waiting for the first release'))).toEqual({ '200 waiting for the first release': 1 });
});

test('a refused connection counts as a response, too', async () => {
  process.env.STOREFRONT = 'http://127.0.0.1:2/';

  expect(Object.keys(await users.handler({ seconds: 0.1 }))).toEqual(['no answer: ECONNREFUSED']);
});
