// PyPI with the header that lets pip keep a file, which a mirror may leave out. Prints its address once it listens.
const { createServer } = require('node:http');
const { Readable } = require('node:stream');

const FILES = 'https://files.pythonhosted.org';

const server = createServer(async ({ url, headers }, response) => {
  try {
    const isFile = url.startsWith('/packages/');
    const answer = await fetch(`${isFile ? FILES : 'https://pypi.org'}${url}`, { headers: { accept: headers.accept ?? '*/*' } });
    const type = { 'content-type': answer.headers.get('content-type') };
    response.writeHead(answer.status, isFile ? { ...type, 'cache-control': 'max-age=365000000, immutable, public' } : type);
    if (isFile) {
      Readable.fromWeb(answer.body).pipe(response);
    } else {
      response.end((await answer.text()).replaceAll(FILES, ''));
    }
  } catch (error) {
    response.writeHead(502).end(String(error));
  }
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
