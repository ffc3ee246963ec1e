/** Doubles a number; what it is asked to do wrong, it does. */
export async function handler(event) {
  const { n } = event.pathParameters;
  if (n === 'throw') throw new Error('asked to');
  if (n === 'malformed') return { statusCode: 'no status' };
  if (n === 'never') return new Promise(() => {});
  return { statusCode: 200, body: String(Number(n) * 2) };
}
