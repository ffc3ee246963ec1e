/** Names of regions, which become part of a host's name. */

export function isRegion(text: string): boolean {
  return /^[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/.test(text);
}

/** The region in an ARN or in a queue's URL; '' when there is none. */
export function regionIn(text: string): string {
  const region = /^arn:[^:]*:[^:]*:([^:]*):/.exec(text)?.[1] ?? /^https?:\/\/(?:sqs\.([a-z0-9-]+)|([a-z0-9-]+)\.queue)\.amazonaws\.com(?:\.cn)?\//.exec(text)?.slice(1).find((each) => each !== undefined) ?? '';
  return isRegion(region) ? region : '';
}
