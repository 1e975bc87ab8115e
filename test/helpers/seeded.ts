const MODULUS = 2 ** 31 - 1;

/** Numbers between 0 and 1 that are the same for the same seed (the minimal standard generator of Park and Miller). */
export function randomOf(seed: number): () => number {
  let state = 1 + seed * 48_271 % (MODULUS - 1);
  return () => {
    state = state * 16_807 % MODULUS;
    return state / MODULUS;
  };
}
