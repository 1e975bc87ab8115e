const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escape = (text) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]);

/** A colour of its own for every version, so that a traffic shift can be seen from afar. */
const hueOf = (version) =>
  [...version].reduce((hash, character) => (hash * 31 + character.codePointAt(0)) % 360, 0);

/**
 * The storefront, as HTML.
 *
 * @param {{ version: string, environmentName: string }} release
 */
export function renderPage({ version, environmentName }) {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Storefront</title>
  <style>
    body { margin: 0; min-height: 100vh; display: grid; place-content: center; text-align: center;
           font-family: system-ui, sans-serif; color: white; background: hsl(${hueOf(version)} 55% 32%); }
  </style>
</head>
<body>
  <h1>Storefront</h1>
  <p>Version <strong>${escape(version)}</strong> in <strong>${escape(environmentName)}</strong></p>
</body>
</html>
`;
}
