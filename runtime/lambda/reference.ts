/** Which function an integration calls: `arn:aws:lambda:eu-west-1:123456789012:function:Name:alias`, or a name. */

export interface FunctionReference {
  readonly name: string;
  /** Version or alias, '' when none. */
  readonly qualifier: string;
  /** '' when only a name is given. */
  readonly region: string;
  /** '' when only a name is given. */
  readonly account: string;
  readonly partition: string;
}

const NAME = /^[A-Za-z0-9_-]{1,140}$/;

/** null when `text` names no function. */
export function parseFunction(text: string): FunctionReference | null {
  const arn = /^arn:(aws[a-z-]*):lambda:([a-z0-9-]+):(\d{12}):function:([^:]+)(?::([^:]+))?$/.exec(text);
  if (arn) return NAME.test(arn[4]!) && (arn[5] === undefined || isQualifier(arn[5])) ? { partition: arn[1]!, region: arn[2]!, account: arn[3]!, name: arn[4]!, qualifier: arn[5] ?? '' } : null;
  // Name, name:qualifier, account:function:name are what Invoke takes besides an ARN.
  const partial = /^(?:(\d{12}):function:)?([^:]+)(?::([^:]+))?$/.exec(text);
  if (!partial || !NAME.test(partial[2]!) || (partial[3] !== undefined && !isQualifier(partial[3]))) return null;
  return { partition: 'aws', region: '', account: partial[1] ?? '', name: partial[2]!, qualifier: partial[3] ?? '' };
}

function isQualifier(text: string): boolean {
  return /^(?:\$LATEST(?:\.PUBLISHED)?|[A-Za-z0-9_-]{1,128})$/.test(text);
}
