/**
 * The problems for which something is refused, in the words of the message but without the construct that leads them; none when it
 * is accepted. Any other error is the test's failure.
 */
export function problemsOf(refused: () => unknown): string[] {
  try {
    refused();
    return [];
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== 'InvalidInputError') {
      throw error;
    }
    const [first, ...others] = message.split('\n').slice(0, -1);
    return others.length === 0 ? [first.slice(first.indexOf(': ') + 2)] : others.map((line) => line.slice('  - '.length));
  }
}
