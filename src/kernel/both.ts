/** Waits for both even when one fails, so that neither runs on unseen; then fails as the first that failed. */
export async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
