import { createServer, RequestListener, Server } from 'http';
import { AddressInfo } from 'net';

const users = jest.requireActual<{ handler(event: { seconds?: number }): Promise<object> }>('../../integ.us-east-1.users.js');

let server: Server;

async function storefront(answer: RequestListener): Promise<void> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.STOREFRONT = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

test('the users ask five times a second, and count the answers by status and version', async () => {
  let asked = 0;
  await storefront((_, response) => {
    asked += 1;
    response.writeHead(asked === 2 ? 500 : 200).end(JSON.stringify(asked === 2 ? { error: 'Simulated failure', version: 'broken' } : { version: 'good' }));
  });

  const answers = await users.handler({ seconds: 1.1 });

  // Six on an idle machine.
  expect(answers).toEqual({ '200 good': asked - 1, '500 broken': 1 });
  expect(asked).toBeGreaterThan(3);
  expect(asked).toBeLessThanOrEqual(6);
});

test('what is not the storefront is quoted', async () => {
  await storefront((_, response) => { response.end('waiting for the first release'); });

  expect(await users.handler({ seconds: 0.1 })).toEqual({ '200 waiting for the first release': 1 });
});

test('nobody at home is an answer, too', async () => {
  await storefront((request) => request.socket.destroy());

  expect(await users.handler({ seconds: 0.1 })).toEqual({ 'no answer: UND_ERR_SOCKET': 1 });
});
