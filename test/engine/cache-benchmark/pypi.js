// PyPI with the header that lets pip keep a file, which a mirror may leave out. Over TLS, because pip keeps nothing that came without.
// Writes its certificate to the file that is given, and prints its address once it listens.
const { writeFileSync } = require('node:fs');
const { createServer } = require('node:https');
const { Readable } = require('node:stream');
const selfsigned = require('selfsigned');

const FILES = 'https://files.pythonhosted.org';

async function answer({ url, headers }, response) {
  try {
    const isFile = url.startsWith('/packages/');
    const found = await fetch(`${isFile ? FILES : 'https://pypi.org'}${url}`, { headers: { accept: headers.accept ?? '*/*' } });
    const type = { 'content-type': found.headers.get('content-type') };
    response.writeHead(found.status, isFile ? { ...type, 'cache-control': 'max-age=365000000, immutable, public' } : type);
    if (isFile) {
      Readable.fromWeb(found.body).pipe(response);
    } else {
      response.end((await found.text()).replaceAll(FILES, ''));
    }
  } catch (error) {
    response.writeHead(502).end(String(error));
  }
}

async function main(file) {
  const extensions = [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }];
  const { private: key, cert } = await selfsigned.generate([{ name: 'commonName', value: 'localhost' }], { extensions });
  writeFileSync(file, cert);
  const server = createServer({ key, cert }, answer);
  server.listen(0, '127.0.0.1', () => console.log(`https://localhost:${server.address().port}`));
}

void main(process.argv[2]);
