/** Words of a command line as a shell would take them, without a shell: quotes keep blanks together, nothing is expanded. */
export function splitCommand(command: string): string[] {
  const words = command.matchAll(/(?:[^\s"']+|"(?:[^"\\]|\\.)*"|'[^']*')+/g);
  return [...words].map(([word]) => word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double: string | undefined, single: string | undefined) => (double !== undefined ? double.replace(/\\(["\\])/g, '$1') : single!)));
}
