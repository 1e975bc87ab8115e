// The users of the storefront in the integration test: five requests a second, so that the tenth that a canary gets is three
// times the ten a minute that its alarm wants. Returns how often they got which answer, as { "200 good": 275 }.
exports.handler = async ({ seconds = 55 }) => {
  const answers = {};
  const asked = [];
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    asked.push(answer().then((text) => { answers[text] = (answers[text] ?? 0) + 1; }));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await Promise.all(asked);
  return answers;
};

/** The status with the version that the storefront names, or with what somebody else says: the bootstrap, the load balancer. */
async function answer() {
  try {
    const response = await fetch(process.env.STOREFRONT, { signal: AbortSignal.timeout(5000) });
    const text = await response.text();
    return `${response.status} ${/"version":"([^"]*)"/.exec(text)?.[1] ?? text.slice(0, 40)}`;
  } catch (error) {
    return `no answer: ${error.cause?.code ?? error.name}`;
  }
}
