/** Options of a gateway file: flags, each also an environment variable `GWC_<NAME>`. */
export interface ServeOptions {
  host: string;
  port: number;
  basePath: string;
  stage: string | undefined;
  workers: string;
  adminPort: number | undefined;
  adminHost: string;
  tlsCert: string | undefined;
  tlsKey: string | undefined;
  tlsClientCa: string | undefined;
  logLevel: 'silent' | 'error' | 'info';
  help: boolean;
  version: boolean;
}

const FLAGS: readonly (readonly [name: string, value: string, text: string])[] = [
  ['host', 'ADDRESS', 'address to listen on (0.0.0.0)'],
  ['port', 'N', 'port to listen on (8080; 0 takes a free one); also PORT'],
  ['base-path', 'PATH', 'serve under this path; {stage} stands for the stage (/)'],
  ['stage', 'NAME', 'which of the stages to serve'],
  ['workers', 'N|auto', 'processes that share the port (1)'],
  ['admin-port', 'N', 'port of /live and /ready, on the admin host (off)'],
  ['admin-host', 'ADDRESS', 'address of the admin port (127.0.0.1)'],
  ['tls-cert', 'FILE', 'certificate chain, PEM: serve HTTPS and HTTP/2'],
  ['tls-key', 'FILE', 'its key, PEM'],
  ['tls-client-ca', 'FILE', 'clients must show a certificate of these authorities'],
  ['log-level', 'silent|error|info', 'what goes to standard error (info)'],
];

export function usage(title: string, stages: readonly string[], tls: boolean): string {
  const lines = FLAGS.filter(([name]) => tls || !name.startsWith('tls-')).map(([name, value, text]) => `  ${`--${name} ${value}`.padEnd(34)}${text}`);
  return [`${title}`, '', 'usage: node gateway.mjs [options]', '', ...lines, `  ${'--help'.padEnd(34)}this text`, `  ${'--version'.padEnd(34)}content hash of this file`, '',
    `Each option is also an environment variable: --base-path is GWC_BASE_PATH.`, ...(stages.length > 0 ? [`Stages: ${stages.join(', ')}`] : []), ''].join('\n');
}

/** A string is what is wrong with the command line or environment. */
export function readOptions(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): ServeOptions | string {
  const given: Record<string, string> = {};
  for (const [name] of FLAGS) {
    const value = environment[`GWC_${name.toUpperCase().replaceAll('-', '_')}`];
    if (value !== undefined && value !== '') given[name] = value;
  }
  if (given['port'] === undefined && environment['PORT']) given['port'] = environment['PORT'];
  let help = false, version = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--help' || arg === '-h') { help = true; continue; }
    if (arg === '--version') { version = true; continue; }
    const match = /^--([a-z-]+)(?:=([^]*))?$/.exec(arg);
    const name = match?.[1];
    if (name === undefined || !FLAGS.some(([flag]) => flag === name)) return `unknown option ${arg}`;
    const value = match![2] ?? args[++i];
    if (value === undefined) return `--${name} needs a value`;
    given[name] = value;
  }
  const port = portOf(given['port'] ?? '8080');
  const adminPort = given['admin-port'] === undefined ? undefined : portOf(given['admin-port']);
  if (port === undefined) return `--port ${given['port']} is no port`;
  if (given['admin-port'] !== undefined && adminPort === undefined) return `--admin-port ${given['admin-port']} is no port`;
  const workers = given['workers'] ?? '1';
  if (workers !== 'auto' && !/^[1-9]\d{0,2}$/.test(workers)) return `--workers ${workers}: a number or auto`;
  if ((given['tls-cert'] === undefined) !== (given['tls-key'] === undefined)) return '--tls-cert and --tls-key go together';
  const logLevel = given['log-level'] ?? 'info';
  if (logLevel !== 'silent' && logLevel !== 'error' && logLevel !== 'info') return `--log-level ${logLevel}: silent, error or info`;
  return { host: given['host'] ?? '0.0.0.0', port, basePath: given['base-path'] ?? '', stage: given['stage'], workers, adminPort, adminHost: given['admin-host'] ?? '127.0.0.1', tlsCert: given['tls-cert'], tlsKey: given['tls-key'], tlsClientCa: given['tls-client-ca'], logLevel, help, version };
}

function portOf(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65535 ? Number(text) : undefined;
}
