import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import { INVALID_CLIENT_CERTIFICATE, UNKNOWN_CLIENT_CERTIFICATE } from './diagnostics.js';
import type { CertificateFiles } from './ir.js';

/** `x-gwc.stages.<stage>.clientCertificateId` with what `x-gwc.clientCertificates` says about it, by stage. */
export function readClientCertificates(root: Node, reporter: Reporter): Record<string, CertificateFiles> {
  const known = new Map<string, CertificateFiles>();
  for (const [id, entry] of root.get('x-gwc')?.get('clientCertificates')?.entries() ?? []) {
    const files = readFiles(entry.follow());
    if (typeof files === 'string' || Object.keys(files).length === 0) reporter.report(INVALID_CLIENT_CERTIFICATE, entry.origin, { id, problem: typeof files === 'string' ? files : 'names no file' });
    else known.set(id, files);
  }
  const byStage: Record<string, CertificateFiles> = Object.create(null) as Record<string, CertificateFiles>;
  for (const [stage, entry] of root.get('x-gwc')?.get('stages')?.entries() ?? []) {
    const node = entry.follow().get('clientCertificateId');
    if (node === undefined) continue;
    const id = String(node.value);
    const files = known.get(id);
    if (files !== undefined) byStage[stage] = files;
    else reporter.report(UNKNOWN_CLIENT_CERTIFICATE, node.origin, { id, suggestion: closest(id, [...known.keys()]) });
  }
  return byStage;
}

/** A string says what is wrong. */
export function readFiles(node: Node | undefined): CertificateFiles | string {
  const files: Record<string, string> = {};
  for (const name of ['ca', 'cert', 'key']) {
    const file = node?.get(name);
    if (file === undefined) continue;
    if (typeof file.value !== 'string' || file.value === '' || file.value.includes('\0')) return `has a ${name} that is no path of a file`;
    files[name] = file.value;
  }
  return (files['cert'] === undefined) === (files['key'] === undefined) ? files : files['key'] === undefined ? 'has a cert without its key' : 'has a key without its cert';
}
