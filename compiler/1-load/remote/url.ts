/** Whether a file of a document is one of the network: its name is a URL then. */
export function isRemote(file: string): boolean {
  return /^https?:\/\//i.test(file);
}
